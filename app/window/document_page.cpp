#include "app/window/document_page.h"

#include "app/window/doctor_binding.h"
#include "app/window/first_paint.h"
#include "app/window/training_binding.h"
#include "model/containers/atomic_file.h"
#include "views/banner.h"
#include "views/doctor_view.h"
#include "views/inspector.h"
#include "views/layer_tree.h"
#include "views/number_text.h"
#include "views/training_view.h"
#include "views/weights_view.h"

#include <QAbstractItemView>
#include <QFileDialog>
#include <QTabWidget>
#include <QTimer>
#include <QVBoxLayout>

namespace layerscope::app {

namespace {

constexpr int tabsAtLatestMs = 200;

Result<void> writeWhole(const QString& path, const QByteArray& content)
{
    TRY(auto file, containers::AtomicFile::create(path.toStdString()));
    TRY_DO(file.write(std::as_bytes(std::span(content.constData(), content.size()))));
    return file.commit();
}

} // namespace

DocumentPage::DocumentPage(Session& session, Document& document, QWidget* parent)
    : QWidget(parent)
    , m_session(session)
    , m_document(document)
    , m_tree(new views::LayerTree)
    , m_inspector(new views::Inspector)
    , m_banner(new views::Banner(this))
    , m_tabs(new QTabWidget(this))
{
    m_tabs->setDocumentMode(true);
    m_tabs->setObjectName(QStringLiteral("view_tabs"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_banner);
    layout->addWidget(m_tabs, 1);

    connectTree();
    m_tree->setNetwork(document.shown());
    if (document.hasOutputShapes())
        m_tree->setOutputShapes(document.outputShapes());
    connect(&document, &Document::shownChanged, this, &DocumentPage::showNetwork);
    connect(&document, &Document::outputShapesArrived, this, [this] {
        m_tree->setOutputShapes(m_document.outputShapes());
        m_inspector->setOutputShapes(m_document.outputShapes());
    });
    if (const auto* tree = m_tree->findChild<QAbstractItemView*>())
        afterFirstPaint(tree->viewport(), [this] { makeTabs(); });
    QTimer::singleShot(tabsAtLatestMs, this, &DocumentPage::makeTabs); // the tree may be hidden
}

DocumentPage::~DocumentPage()
{
    delete m_tree;
    delete m_inspector;
}

void DocumentPage::connectTree()
{
    connect(m_tree, &views::LayerTree::layerSelected, &m_document, &Document::selectLayer);
    connect(m_tree, &views::LayerTree::layerActivated, this, [this] { showTab(Tab::Weights); });
    connect(&m_document, &Document::selectedLayerChanged, m_tree, &views::LayerTree::selectLayer);
    connect(
        &m_document, &Document::selectedLayerChanged, m_inspector, &views::Inspector::selectLayer);
    connect(&m_document.statistics(), &StatisticsCollector::arrived, this,
        [this](const views::StatisticsRequest& request, const views::SharedStatistics& statistics) {
            m_inspector->setStatistics(request.source, statistics);
            if (request.source.kind == views::ValueSource::Kind::Weight)
                m_tree->setFinite(
                    request.source.index, statistics->nan == 0 && statistics->inf == 0);
        });
}

void DocumentPage::makeTabs()
{
    if (m_weights)
        return;
    m_inspector->setNetwork(m_document.shown());
    if (m_document.hasOutputShapes())
        m_inspector->setOutputShapes(m_document.outputShapes());
    m_weights = new views::WeightsView(this);
    m_training = new views::TrainingView(this);
    m_tabs->addTab(m_weights, tr("Weights"));
    m_tabs->addTab(m_training, tr("Training"));
    m_doctor = new views::DoctorView(this);
    m_tabs->addTab(m_doctor, tr("Doctor"));
    m_doctorBinding = new DoctorBinding(m_session, m_document, *m_doctor, this);
    connect(m_doctorBinding, &DoctorBinding::examined, this, &DocumentPage::showDiagnosis);
    connect(m_doctorBinding, &DoctorBinding::saveRequested, this, &DocumentPage::saveRequested);
    connect(m_doctorBinding, &DoctorBinding::openRequested, this, &DocumentPage::openRequested);
    connect(m_doctorBinding, &DoctorBinding::architectureRequested, this,
        &DocumentPage::architectureRequested);
    connect(m_tabs, &QTabWidget::tabBarClicked, this, [this] { m_isOpening = false; });
    connectWeights();
    m_trainingBinding = new TrainingBinding(m_session, m_document, *m_training, this);
    connect(m_training, &views::TrainingView::progressTextChanged, this,
        &DocumentPage::progressTextChanged);
    connect(m_training, &views::TrainingView::exportRequested, this,
        [this](views::ExportFormat format) {
            exportView(format,
                [this](views::ExportFormat wanted) { return m_training->exported(wanted); });
        });
    m_inspector->selectLayer(m_document.selectedLayer());
    m_tree->selectLayer(m_document.selectedLayer());
    m_document.startStatistics(); // before the view asks for the first ones
    m_weights->setNetwork(m_document.shown());
    m_weights->selectLayer(m_document.selectedLayer());
    // A page that is made anew over a document finds figures that arrived before.
    const auto& known = m_document.statistics().known();
    for (auto figures = known.cbegin(); figures != known.cend(); ++figures)
        m_inspector->setStatistics(figures.key(), figures.value());
    emit tabsMade();
}

void DocumentPage::connectWeights()
{
    StatisticsCollector& statistics = m_document.statistics();
    connect(m_weights, &views::WeightsView::statisticsRequested, &statistics,
        &StatisticsCollector::request);
    connect(
        &statistics, &StatisticsCollector::arrived, m_weights, &views::WeightsView::setStatistics);
    connect(&statistics, &StatisticsCollector::failed, m_weights,
        &views::WeightsView::setStatisticsFailed);
    connect(
        &m_document, &Document::selectedLayerChanged, m_weights, &views::WeightsView::selectLayer);
    connect(m_weights, &views::WeightsView::layerActivated, &m_document, &Document::selectLayer);
    connect(
        m_weights, &views::WeightsView::exportRequested, this, [this](views::ExportFormat format) {
            exportView(
                format, [this](views::ExportFormat wanted) { return m_weights->exported(wanted); });
        });
}

void DocumentPage::showNetwork()
{
    m_tree->setNetwork(m_document.shown());
    m_inspector->setNetwork(m_document.shown());
    if (m_weights)
        m_weights->setNetwork(m_document.shown());
}

TrainingBinding& DocumentPage::training()
{
    makeTabs();
    return *m_trainingBinding;
}

views::TrainingView* DocumentPage::trainingView()
{
    makeTabs();
    return m_training;
}

bool DocumentPage::canTrain() const
{
    return m_trainingBinding ? m_trainingBinding->canTrain()
                             : !m_document.network()->file.weightsOnly;
}

DoctorBinding& DocumentPage::doctor()
{
    makeTabs();
    return *m_doctorBinding;
}

/// A file with an error is shown to the doctor first, unless somebody is already elsewhere.
void DocumentPage::showDiagnosis()
{
    const int count = m_doctorBinding->suspicions();
    m_tabs->setTabText(m_tabs->indexOf(m_doctor),
        count > 0 ? tr("Doctor %1!", "with the number of errors and warnings").arg(count)
                  : tr("Doctor"));
    if (std::exchange(m_isOpening, false) && m_doctorBinding->hasErrors())
        m_tabs->setCurrentWidget(m_doctor);
}

void DocumentPage::showTab(Tab tab)
{
    makeTabs();
    m_isOpening = false;
    QWidget* const widgets[] = { m_weights, m_training, m_doctor };
    m_tabs->setCurrentWidget(widgets[static_cast<std::size_t>(tab)]);
}

DocumentPage::Tab DocumentPage::currentTab() const
{
    const QWidget* current = m_weights ? m_tabs->currentWidget() : nullptr;
    return !current             ? Tab::Weights
        : current == m_training ? Tab::Training
        : current == m_doctor   ? Tab::Doctor
                                : Tab::Weights;
}

QString DocumentPage::facts() const
{
    const Network& network = *m_document.shown();
    QStringList parts;
    if (!network.file.kerasVersion.empty())
        parts.append(QLatin1String("Keras ") + QString::fromStdString(network.file.kerasVersion));
    parts.append(views::formatTitle(m_document.format().toStdString()));
    parts.append(views::byteText(static_cast<qint64>(m_document.fileBytes())));
    if (network.file.weightsOnly)
        parts.append(tr("weights only"));
    else if (!network.optimizer)
        parts.append(tr("no optimizer state"));
    else if (network.optimizer->iterations)
        parts.append(tr("%1 at step %2")
                         .arg(QString::fromStdString(network.optimizer->className),
                             views::countText(*network.optimizer->iterations)));
    else
        parts.append(QString::fromStdString(network.optimizer->className));
    return parts.join(QLatin1String(", "));
}

QString DocumentPage::progressText()
{
    return m_training ? m_training->progressText() : QString();
}

void DocumentPage::exportView(
    views::ExportFormat format, const std::function<QByteArray(views::ExportFormat)>& picture)
{
    static const std::map<views::ExportFormat, QString> suffixes{ { views::ExportFormat::Png,
                                                                      QStringLiteral("png") },
        { views::ExportFormat::Svg, QStringLiteral("svg") },
        { views::ExportFormat::Pdf, QStringLiteral("pdf") },
        { views::ExportFormat::Csv, QStringLiteral("csv") } };
    const QString suffix = suffixes.at(format);
    const QByteArray content = picture(format);
    if (content.isEmpty())
        return;
    auto* dialog = new QFileDialog(this, tr("Export"), m_session.settings().lastFolder(),
        QStringLiteral("%1 (*.%2)").arg(suffix.toUpper(), suffix));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(suffix);
    dialog->selectFile(QFileInfo(m_document.name()).completeBaseName() + QLatin1Char('.') + suffix);
    connect(dialog, &QFileDialog::fileSelected, this, [this, content](const QString& path) {
        if (const Result<void> written = writeWhole(path, content); !written)
            m_session.tell(written.error());
        else
            m_session.tell(Message::Kind::Good, tr("Exported %1.").arg(QFileInfo(path).fileName()));
    });
    dialog->open();
}

} // namespace layerscope::app

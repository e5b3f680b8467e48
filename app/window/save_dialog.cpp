#include "app/window/save_dialog.h"

#include "app/window/changes_panel.h"
#include "app/window/format_choice.h"
#include "views/number_text.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>
#include <QRadioButton>
#include <QStandardItemModel>
#include <QStyle>

namespace layerscope::app {

namespace {

constexpr int pathWidthInCharacters = 52;

std::int64_t weightBytes(const Network& network)
{
    std::int64_t bytes = 0;
    for (const Weight& weight : network.weights)
        bytes += weight.value.byteCount();
    return bytes;
}

std::int64_t optimizerBytes(const Network& network)
{
    std::int64_t bytes = 0;
    if (network.optimizer)
        for (const OptimizerVariable& variable : network.optimizer->variables)
            bytes += variable.value.byteCount();
    return bytes;
}

/// "model.weights.h5" without whichever of our suffixes it has.
QString withoutSuffix(const QString& name)
{
    static const QStringList suffixes{ QStringLiteral(".weights.h5"), QStringLiteral(".h5"),
        QStringLiteral(".hdf5"), QStringLiteral(".keras"), QStringLiteral(".npz"),
        QStringLiteral(".safetensors") };
    for (const QString& suffix : suffixes)
        if (name.endsWith(suffix, Qt::CaseInsensitive))
            return name.left(name.size() - suffix.size());
    return name;
}

} // namespace

SaveDialog::SaveDialog(
    const NetworkPointer& network, const QString& path, Content content, QWidget* parent)
    : QDialog(parent)
    , m_held(network)
    , m_network(*network)
    , m_startPath(path)
    , m_whole(new QRadioButton(this))
    , m_weightsAndOptimizer(new QRadioButton(this))
    , m_weights(new QRadioButton(this))
    , m_keepOptimizer(new QCheckBox(this))
    , m_format(new QComboBox(this))
    , m_path(new QLineEdit(path, this))
    , m_note(new QLabel(this))
    , m_changes(new ChangesPanel(this))
{
    setWindowTitle(content == Content::Weights ? tr("Export weights") : tr("Save as"));
    setObjectName(QStringLiteral("save_dialog"));
    build();
    const bool canBeWhole = !m_network.file.weightsOnly && !m_network.architecture.isEmpty();
    m_whole->setEnabled(canBeWhole);
    m_weightsAndOptimizer->setEnabled(m_network.optimizer.has_value());
    // What is open as weights with an optimizer is saved as that.
    const bool bothWanted = content == Content::WholeModel && m_network.optimizer.has_value();
    (canBeWhole && content == Content::WholeModel ? m_whole
            : bothWanted                          ? m_weightsAndOptimizer
                                                  : m_weights)
        ->setChecked(true);
    m_keepOptimizer->setChecked(content == Content::WholeModel);
    updateSizes();
    fillFormats();
}

/// The three things that can be saved, one below the other.
QVBoxLayout* SaveDialog::contentRows()
{
    auto* rows = new QVBoxLayout;
    rows->setSpacing(4);
    auto* indented = new QHBoxLayout;
    indented->addSpacing(style()->pixelMetric(QStyle::PM_ExclusiveIndicatorWidth)
        + style()->pixelMetric(QStyle::PM_RadioButtonLabelSpacing));
    indented->addWidget(m_keepOptimizer, 1);
    rows->addWidget(m_whole);
    rows->addLayout(indented);
    rows->addWidget(m_weightsAndOptimizer);
    rows->addWidget(m_weights);
    return rows;
}

void SaveDialog::build()
{
    m_format->setObjectName(QStringLiteral("save_format"));
    m_path->setObjectName(QStringLiteral("save_path"));
    m_path->setMinimumWidth(fontMetrics().averageCharWidth() * pathWidthInCharacters);
    m_keepOptimizer->setObjectName(QStringLiteral("save_optimizer"));
    const std::optional<OptimizerState>& optimizer = m_network.optimizer;
    m_keepOptimizer->setText(!optimizer ? tr("With the optimizer state (the model has none)")
                                        : tr("With the optimizer state (%1, %2)")
                                              .arg(QString::fromStdString(optimizer->className),
                                                  views::byteText(optimizerBytes(m_network))));
    m_note->setWordWrap(true);

    auto* browseButton = new QPushButton(tr("Browse…"), this);
    auto* pathRow = new QHBoxLayout;
    pathRow->addWidget(m_path, 1);
    pathRow->addWidget(browseButton);
    auto* form = new QFormLayout(this);
    form->setVerticalSpacing(8);
    form->addRow(tr("Save"), contentRows());
    form->addRow(tr("&Format"), m_format);
    auto* pathLabel = new QLabel(tr("Fi&le"), this);
    pathLabel->setBuddy(m_path); // a row that is a layout gives it none, and the & would be shown
    form->addRow(pathLabel, pathRow);
    form->addRow(QString(), m_note);
    form->addRow(m_changes);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Save | QDialogButtonBox::Cancel, this);
    m_save = buttons->button(QDialogButtonBox::Save);
    form->addRow(buttons);

    for (QRadioButton* button : { m_whole, m_weightsAndOptimizer, m_weights })
        connect(button, &QRadioButton::toggled, this, [this](bool on) {
            if (on)
                fillFormats();
        });
    connect(m_keepOptimizer, &QCheckBox::toggled, this, [this] {
        updateSizes();
        updateNote();
    });
    connect(m_format, &QComboBox::currentIndexChanged, this, &SaveDialog::followFormat);
    connect(m_path, &QLineEdit::textChanged, this, &SaveDialog::updateNote);
    connect(m_changes, &ChangesPanel::finished, this, &SaveDialog::updateNote);
    connect(browseButton, &QPushButton::clicked, this, &SaveDialog::browse);
    connect(buttons, &QDialogButtonBox::accepted, this, &SaveDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &SaveDialog::reject);
}

/// How many bytes each choice takes, about: headers are small.
void SaveDialog::updateSizes()
{
    const std::int64_t weights = weightBytes(m_network);
    const std::int64_t optimizer = optimizerBytes(m_network);
    const auto texts = static_cast<std::int64_t>(m_network.architecture.text().size());
    m_whole->setText(tr("&Whole model, about %1")
                         .arg(views::byteText(
                             weights + texts + (m_keepOptimizer->isChecked() ? optimizer : 0))));
    m_weightsAndOptimizer->setText(
        tr("Weights and o&ptimizer state, about %1").arg(views::byteText(weights + optimizer)));
    m_weights->setText(tr("Weights &only, about %1").arg(views::byteText(weights)));
}

SaveDialog::Content SaveDialog::content() const
{
    return m_whole->isChecked() ? Content::WholeModel : Content::Weights;
}

bool SaveDialog::keepsOptimizer() const
{
    if (!m_network.optimizer)
        return false;
    return m_whole->isChecked() ? m_keepOptimizer->isChecked() && m_keepOptimizer->isEnabled()
                                : m_weightsAndOptimizer->isChecked();
}

QString SaveDialog::format() const
{
    return m_format->currentData().toString();
}

void SaveDialog::selectFormat(const QString& format)
{
    if (const int row = m_format->findData(format); !format.isEmpty() && row >= 0)
        m_format->setCurrentIndex(row);
}

void SaveDialog::fillFormats()
{
    const QSignalBlocker quiet(m_format);
    m_format->clear();
    addFormats(content() == Content::WholeModel, m_weightsAndOptimizer->isChecked());
    // The dialect that the file came in, or the one its name stands for.
    const auto select = [this](const std::string& name) {
        const int row = m_format->findData(QString::fromStdString(name));
        if (row >= 0)
            m_format->setCurrentIndex(row);
        return row >= 0;
    };
    const int firstFormat = 1; // below the title of its group
    m_format->setCurrentIndex(firstFormat);
    if (!select(m_network.file.format))
        if (const Result<std::string> name
            = formats::formatForSuffix(m_network, m_startPath.toStdString()))
            select(*name);
    followFormat();
}

/// Formats below the titles of their groups, which cannot be chosen.
void SaveDialog::addFormats(bool wantsModel, bool wantsOptimizer)
{
    QString group;
    for (const FormatChoice& choice : writableFormats()) {
        if (choice.holdsModel != wantsModel || (wantsOptimizer && !choice.canHoldOptimizer))
            continue;
        if (choice.group != group) {
            group = choice.group;
            m_format->addItem(group);
            auto* items = qobject_cast<QStandardItemModel*>(m_format->model());
            QStandardItem* title = items->item(m_format->count() - 1);
            title->setFlags(Qt::NoItemFlags);
            QFont font = m_format->font();
            font.setBold(true);
            title->setFont(font);
        }
        m_format->addItem(choice.title, choice.name);
    }
}

void SaveDialog::followFormat()
{
    for (const FormatChoice& choice : writableFormats()) {
        if (choice.name != format())
            continue;
        const QFileInfo info(m_path->text());
        QString base = withoutSuffix(info.fileName());
        const bool isCopy
            = content() == Content::Weights && !choice.suffix.contains(QLatin1String("weights"));
        if (isCopy && !base.endsWith(QLatin1String("_weights")))
            base += QLatin1String("_weights"); // "model.h5" is the model itself
        else if (!isCopy && base.endsWith(QLatin1String("_weights"))
            && content() == Content::WholeModel)
            base.chop(8);
        m_path->setText(QDir::cleanPath(info.dir().filePath(base + choice.suffix)));
    }
    m_keepOptimizer->setEnabled(m_whole->isChecked() && m_network.optimizer.has_value());
    if (!format().isEmpty())
        m_changes->setTarget(m_held, format());
    updateNote();
}

void SaveDialog::updateNote()
{
    QString remark;
    for (const FormatChoice& choice : writableFormats())
        if (choice.name == format())
            remark = remarkOn(choice, m_network, keepsOptimizer());
    const QString& obstacle = m_changes->obstacle();
    m_note->setText(obstacle.isEmpty() ? remark : tr("It cannot be saved so: %1").arg(obstacle));
    m_note->setForegroundRole(obstacle.isEmpty() ? QPalette::PlaceholderText : QPalette::Text);
    m_save->setEnabled(
        obstacle.isEmpty() && !format().isEmpty() && !m_path->text().trimmed().isEmpty());
}

void SaveDialog::browse()
{
    QFileDialog dialog(this, windowTitle(), QFileInfo(m_path->text()).absolutePath());
    dialog.setAcceptMode(QFileDialog::AcceptSave);
    dialog.setOption(QFileDialog::DontConfirmOverwrite); // asked once, when Save is pressed
    dialog.selectFile(QFileInfo(m_path->text()).fileName());
    if (dialog.exec() == QDialog::Accepted)
        m_path->setText(dialog.selectedFiles().constFirst());
}

SaveRequest SaveDialog::request() const
{
    SaveRequest request;
    request.path = QFileInfo(m_path->text().trimmed()).absoluteFilePath();
    request.options.format = format().toStdString();
    request.options.optimizer
        = keepsOptimizer() ? formats::OptimizerInFile::Keep : formats::OptimizerInFile::Drop;
    // A whole model with everything in it becomes the document's file; anything less is a copy.
    const bool isWhole = content() == Content::WholeModel
        && (request.options.optimizer == formats::OptimizerInFile::Keep || !m_network.optimizer);
    request.purpose = isWhole || (m_network.file.weightsOnly && content() == Content::Weights)
        ? SavePurpose::Document
        : SavePurpose::Export;
    return request;
}

void SaveDialog::accept()
{
    const SaveRequest wanted = request();
    if (!QFileInfo::exists(wanted.path)) {
        emit saveRequested(wanted);
        QDialog::accept();
        return;
    }
    auto* question = new QMessageBox(QMessageBox::Question, tr("Replace file"),
        tr("%1 exists. Replace it?").arg(QFileInfo(wanted.path).fileName()), QMessageBox::Cancel,
        this);
    QPushButton* replace = question->addButton(tr("Replace"), QMessageBox::AcceptRole);
    question->setAttribute(Qt::WA_DeleteOnClose);
    connect(replace, &QPushButton::clicked, this, [this, wanted] {
        emit saveRequested(wanted);
        QDialog::accept();
    });
    question->open();
}

} // namespace layerscope::app

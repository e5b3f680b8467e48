#include "app/window/save_dialog.h"

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
    , m_whole(new QRadioButton(tr("&Whole model"), this))
    , m_weights(new QRadioButton(tr("Weights &only"), this))
    , m_keepOptimizer(new QCheckBox(this))
    , m_format(new QComboBox(this))
    , m_path(new QLineEdit(path, this))
    , m_size(new QLabel(this))
    , m_note(new QLabel(this))
{
    setWindowTitle(content == Content::Weights ? tr("Export weights") : tr("Save as"));
    setObjectName(QStringLiteral("save_dialog"));
    build();
    const bool canBeWhole = !m_network.file.weightsOnly && !m_network.architecture.isEmpty();
    m_whole->setEnabled(canBeWhole);
    (canBeWhole && content == Content::WholeModel ? m_whole : m_weights)->setChecked(true);
    m_keepOptimizer->setChecked(content == Content::WholeModel);
    fillFormats();
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
    m_note->setForegroundRole(QPalette::PlaceholderText);
    m_size->setForegroundRole(QPalette::PlaceholderText);

    auto* browseButton = new QPushButton(tr("Browse…"), this);
    auto* pathRow = new QHBoxLayout;
    pathRow->addWidget(m_path, 1);
    pathRow->addWidget(browseButton);
    auto* form = new QFormLayout(this);
    form->setVerticalSpacing(8);
    form->addRow(tr("Save"), m_whole);
    form->addRow(QString(), m_weights);
    form->addRow(QString(), m_keepOptimizer);
    form->addRow(tr("&Format"), m_format);
    form->addRow(tr("Fi&le"), pathRow);
    form->addRow(QString(), m_size);
    form->addRow(QString(), m_note);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Save | QDialogButtonBox::Cancel, this);
    m_save = buttons->button(QDialogButtonBox::Save);
    form->addRow(buttons);

    connect(m_whole, &QRadioButton::toggled, this, &SaveDialog::fillFormats);
    connect(m_keepOptimizer, &QCheckBox::toggled, this, &SaveDialog::updateNote);
    connect(m_format, &QComboBox::currentIndexChanged, this, &SaveDialog::followFormat);
    connect(m_path, &QLineEdit::textChanged, this,
        [this](const QString& text) { m_save->setEnabled(!text.trimmed().isEmpty()); });
    connect(browseButton, &QPushButton::clicked, this, &SaveDialog::browse);
    connect(buttons, &QDialogButtonBox::accepted, this, &SaveDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &SaveDialog::reject);
}

SaveDialog::Content SaveDialog::content() const
{
    return m_whole->isChecked() ? Content::WholeModel : Content::Weights;
}

QString SaveDialog::format() const
{
    return m_format->currentData().toString();
}

void SaveDialog::fillFormats()
{
    const QSignalBlocker quiet(m_format);
    m_format->clear();
    const bool wantsModel = content() == Content::WholeModel;
    for (const FormatChoice& choice : writableFormats())
        if (choice.holdsModel == wantsModel)
            m_format->addItem(choice.title, choice.name);
    // The dialect that the file came in, or the one its name stands for.
    const auto select = [this](const std::string& name) {
        const int row = m_format->findData(QString::fromStdString(name));
        if (row >= 0)
            m_format->setCurrentIndex(row);
        return row >= 0;
    };
    if (!select(m_network.file.format))
        if (const Result<std::string> name
            = formats::formatForSuffix(m_network, m_startPath.toStdString()))
            select(*name);
    followFormat();
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
        m_keepOptimizer->setEnabled(choice.canHoldOptimizer && m_network.optimizer.has_value());
    }
    updateNote();
}

void SaveDialog::updateNote()
{
    const bool withOptimizer = m_keepOptimizer->isChecked() && m_keepOptimizer->isEnabled();
    m_size->setText(tr("About %1")
                        .arg(views::byteText(weightBytes(m_network)
                            + (withOptimizer ? optimizerBytes(m_network) : 0))));
    QString remark;
    for (const FormatChoice& choice : writableFormats())
        if (choice.name == format())
            remark = remarkOn(choice, m_network, withOptimizer);
    m_note->setText(remark);
    m_save->setEnabled(m_format->count() > 0 && !m_path->text().trimmed().isEmpty());
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
    request.options.optimizer = m_keepOptimizer->isChecked() && m_keepOptimizer->isEnabled()
        ? formats::OptimizerInFile::Keep
        : formats::OptimizerInFile::Drop;
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

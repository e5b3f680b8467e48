#include "views/weights_controls.h"

#include "views/export_button.h"
#include "views/flow_layout.h"

#include <QButtonGroup>
#include <QCheckBox>
#include <QComboBox>
#include <QIntValidator>
#include <QLabel>
#include <QLineEdit>
#include <QToolButton>
#include <QVBoxLayout>

namespace layerscope::views {
namespace {

constexpr int mostBins = 1000;

} // namespace

WeightsControls::WeightsControls(QWidget* parent)
    : QWidget(parent)
    , m_optimizer(new QLabel(this))
    , m_slots(new QButtonGroup(this))
    , m_binChoice(new QComboBox(this))
    , m_logCount(new QCheckBox(tr("&Log count"), this))
    , m_symlog(new QCheckBox(tr("S&ymlog value"), this))
    , m_guides(new QCheckBox(tr("&Guides"), this))
    , m_allLayers(new QCheckBox(tr("&All layers"), this))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 4, 8, 4);
    layout->setSpacing(4);
    m_slotRow = new FlowLayout(4, 4);
    m_slotRow->addWidget(m_optimizer);
    layout->addLayout(m_slotRow);
    auto* row = new FlowLayout(12, 4);
    layout->addLayout(row);
    addBins(*row);
    for (QCheckBox* box : { m_logCount, m_symlog, m_guides })
        row->addWidget(box);
    m_guides->setChecked(true);
    m_logCount->setToolTip(tr("Count axis in powers of ten (L)"));
    m_symlog->setToolTip(tr("Value axis in powers of ten on both sides of 0"));
    m_guides->setToolTip(tr("The normal distribution of the same mean and deviation, and what the "
                            "initializer draws"));
    m_allLayers->setToolTip(tr("Every weight of the model as a small histogram"));
    row->addWidget(m_allLayers);
    addExport(*row);
    for (QCheckBox* box : { m_logCount, m_symlog, m_guides })
        connect(box, &QCheckBox::toggled, this, &WeightsControls::optionsChanged);
    connect(m_symlog, &QCheckBox::toggled, this, &WeightsControls::binsChanged);
    connect(m_allLayers, &QCheckBox::toggled, this, &WeightsControls::scopeChanged);
    connect(m_slots, &QButtonGroup::idClicked, this, &WeightsControls::slotChanged);
}

void WeightsControls::addBins(FlowLayout& row)
{
    auto* label = new QLabel(tr("&Bins"), this);
    label->setBuddy(m_binChoice);
    row.addWidget(label);
    row.addWidget(m_binChoice);
    m_binChoice->setEditable(true);
    m_binChoice->setInsertPolicy(QComboBox::NoInsert);
    m_binChoice->addItem(tr("auto"), analysis::automaticBinCount);
    for (const int bins : { 10, 20, 30, 50, 100, 200, 500 })
        m_binChoice->addItem(QLocale().toString(bins), bins);
    m_binChoice->setToolTip(tr("Number of equal bins from the smallest to the largest value; "
                               "\"auto\" follows the Freedman–Diaconis rule"));
    m_binChoice->setAccessibleName(tr("Number of bins"));
    connect(m_binChoice, &QComboBox::activated, this, [this] { readBins(); });
    connect(m_binChoice->lineEdit(), &QLineEdit::editingFinished, this, [this] { readBins(); });
}

void WeightsControls::readBins()
{
    const QString text = m_binChoice->currentText().trimmed();
    bool isNumber = false;
    const int number = QLocale().toInt(text, &isNumber);
    const int bins = isNumber ? std::clamp(number, 1, mostBins) : analysis::automaticBinCount;
    m_binChoice->setEditText(isNumber ? QLocale().toString(bins) : m_binChoice->itemText(0));
    if (bins == m_bins)
        return;
    m_bins = bins;
    emit binsChanged();
}

void WeightsControls::addExport(FlowLayout& row)
{
    auto* button = new ExportButton(this);
    button->setToolTip(tr("Save the histograms as a picture or a table"));
    connect(button, &ExportButton::exportRequested, this, &WeightsControls::exportRequested);
    row.addWidget(button);
}

void WeightsControls::setOptimizer(const QString& sentence, const QStringList& names)
{
    m_optimizer->setText(sentence);
    if (names == m_slotNames && !m_slots->buttons().isEmpty())
        return;
    const QString chosen = slot();
    m_slotNames = names;
    for (QAbstractButton* button : m_slots->buttons())
        delete button;
    const auto add = [&](const QString& text, const QString& tip, int id) {
        auto* button = new QToolButton(this);
        button->setText(text);
        button->setToolTip(tip);
        button->setCheckable(true);
        button->setFocusPolicy(Qt::StrongFocus);
        m_slots->addButton(button, id);
        // Not every style shows a pressed button clearly in dark colours.
        connect(button, &QToolButton::toggled, button, [button](bool isChosen) {
            QFont font = button->font();
            font.setBold(isChosen);
            button->setFont(font);
        });
        m_slotRow->addWidget(button);
        button->setVisible(!names.isEmpty());
    };
    add(tr("values"), tr("The weights themselves"), 0);
    for (int i = 0; i < names.size(); ++i)
        add(names[i], tr("The optimizer's variable \"%1\" for each weight").arg(names[i]), i + 1);
    const int id = static_cast<int>(names.indexOf(chosen)) + 1;
    m_slots->button(id)->setChecked(true);
}

QString WeightsControls::slot() const
{
    const int id = m_slots->checkedId();
    return id > 0 && id <= m_slotNames.size() ? m_slotNames[id - 1] : QString();
}

int WeightsControls::bins() const
{
    return m_bins;
}

HistogramOptions WeightsControls::options() const
{
    return { .isLogCount = m_logCount->isChecked(),
        .isSymmetricLog = m_symlog->isChecked(),
        .displayedBins = m_bins > 0 ? m_bins : 0,
        .showsGuides = m_guides->isChecked() };
}

WeightsView::Scope WeightsControls::scope() const
{
    return m_allLayers->isChecked() ? WeightsView::Scope::AllLayers
                                    : WeightsView::Scope::SelectedLayer;
}

void WeightsControls::setScope(WeightsView::Scope scope)
{
    m_allLayers->setChecked(scope == WeightsView::Scope::AllLayers);
}

void WeightsControls::toggleLogCount()
{
    m_logCount->toggle();
}

} // namespace layerscope::views

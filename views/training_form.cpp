#include "views/training_form.h"

#include "views/flow_layout.h"
#include "views/number_text.h"
#include "views/visual_language.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QRegularExpression>
#include <QSpinBox>
#include <QToolButton>
#include <QVBoxLayout>

#include <cmath>

namespace layerscope::views {
namespace {

const QString chooseFile = QStringLiteral("choose-file:");
constexpr int freshRole = Qt::UserRole + 1;

/// What a person may start with where the file has no optimizer.
const QStringList optimizers{ QStringLiteral("Adam"), QStringLiteral("AdamW"),
    QStringLiteral("SGD"), QStringLiteral("RMSprop") };

const QStringList losses{ QStringLiteral("sparse_categorical_crossentropy"),
    QStringLiteral("categorical_crossentropy"), QStringLiteral("binary_crossentropy"),
    QStringLiteral("mse"), QStringLiteral("mae") };

void keepTogether(QWidget& widget, const QString& name, const QString& tip)
{
    widget.setAccessibleName(name);
    widget.setToolTip(tip);
    widget.setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    QFont bold = widget.font();
    bold.setBold(true);
    widget.setFont(bold);
}

} // namespace

TrainingForm::TrainingForm(QWidget* parent)
    : QWidget(parent)
    , m_sentence(new QWidget(this))
{
    makeControls();
    connectControls();
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(12);
    auto* words = new FlowLayout(5, 6, m_sentence);
    Q_UNUSED(words)
    QSizePolicy tall(QSizePolicy::Preferred, QSizePolicy::Minimum);
    tall.setHeightForWidth(true);
    m_sentence->setSizePolicy(tall);
    layout->addWidget(m_sentence);
    layout->addWidget(m_more);
    layout->addWidget(m_problem);
    fillOptimizers();
    fillData();
    rebuildSentence();
}

void TrainingForm::makeControls()
{
    m_optimizer = new QComboBox(m_sentence);
    keepTogether(*m_optimizer, tr("Optimizer"), tr("How weights follow their gradients"));
    m_learningRate = new QComboBox(m_sentence);
    keepTogether(*m_learningRate, tr("Learning rate"),
        tr("Can be changed while training: it holds from the next step on"));
    m_learningRate->setEditable(true);
    m_learningRate->setInsertPolicy(QComboBox::NoInsert);
    m_learningRate->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_loss = new QComboBox(m_sentence);
    keepTogether(*m_loss, tr("Loss"), tr("What training makes small; the file names none"));
    m_loss->addItems(losses);
    m_data = new QComboBox(m_sentence);
    keepTogether(*m_data, tr("Data"), tr("What to learn from"));
    m_data->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_batchSize = new QSpinBox(m_sentence);
    keepTogether(*m_batchSize, tr("Batch size"), tr("Rows in each step"));
    m_batchSize->setRange(1, 1 << 20);
    m_batchSize->setValue(32);
    m_epochs = new QSpinBox(m_sentence);
    keepTogether(*m_epochs, tr("Epochs"), tr("Passes over all rows"));
    m_epochs->setRange(1, 1'000'000);
    m_epochs->setValue(10);
    m_validation = new QDoubleSpinBox(m_sentence);
    keepTogether(*m_validation, tr("Validation share"),
        tr("The last rows are kept aside and measured after each epoch"));
    m_validation->setRange(0, 90);
    m_validation->setDecimals(0);
    m_validation->setSingleStep(5);
    m_validation->setSuffix(tr(" %"));
    m_validation->setValue(20);
    m_step = new QLabel(m_sentence);
    m_rows = new QLabel(m_sentence);
    m_problem = new QLabel(this);
    m_problem->setWordWrap(true);
    makeMore();
}

void TrainingForm::makeMore()
{
    m_more = new QWidget(this);
    auto* more = new FlowLayout(8, 4, m_more);
    m_shuffle = new QCheckBox(tr("S&huffle"), m_more);
    m_shuffle->setChecked(true);
    m_shuffle->setToolTip(tr("Another order of the rows in each epoch"));
    m_seed = new QSpinBox(m_more);
    m_seed->setRange(0, 2'147'483'647);
    m_seed->setToolTip(tr("The same seed gives the same run"));
    m_seed->setAccessibleName(tr("Seed"));
    auto* seedLabel = new QLabel(tr("S&eed"), m_more);
    seedLabel->setBuddy(m_seed);
    m_targets = new QToolButton(m_more);
    m_targets->setPopupMode(QToolButton::InstantPopup);
    m_targets->setFocusPolicy(Qt::StrongFocus);
    m_targets->setMenu(new QMenu(m_targets));
    m_targets->setToolTip(tr("The columns to predict"));
    m_targets->hide();
    for (QWidget* widget : { static_cast<QWidget*>(m_shuffle), static_cast<QWidget*>(seedLabel),
             static_cast<QWidget*>(m_seed), static_cast<QWidget*>(m_targets) })
        more->addWidget(widget);
}

void TrainingForm::connectControls()
{
    connect(m_optimizer, &QComboBox::activated, this, [this] {
        rebuildSentence();
        emit changed();
    });
    const auto readRate = [this] {
        emit changed();
        if (m_isRunning && learningRate() > 0)
            emit learningRateChanged(learningRate());
    };
    connect(m_learningRate, &QComboBox::activated, this, readRate);
    connect(m_learningRate->lineEdit(), &QLineEdit::editingFinished, this, readRate);
    connect(m_loss, &QComboBox::activated, this, &TrainingForm::changed);
    connect(m_data, &QComboBox::activated, this, &TrainingForm::chooseData);
    for (QSpinBox* box : { m_batchSize, m_epochs, m_seed })
        connect(box, &QSpinBox::valueChanged, this, &TrainingForm::changed);
    connect(m_validation, &QDoubleSpinBox::valueChanged, this, &TrainingForm::changed);
    connect(m_shuffle, &QCheckBox::toggled, this, &TrainingForm::changed);
}

bool TrainingForm::continues() const
{
    return m_origin.hasState && !m_optimizer->currentData(freshRole).toBool();
}

const TrainingData* TrainingForm::chosenData() const
{
    for (const QList<TrainingData>* list : { &m_files, &m_builtin })
        for (const TrainingData& one : *list)
            if (one.source == m_source)
                return &one;
    return nullptr;
}

void TrainingForm::fillOptimizers()
{
    m_optimizer->clear();
    const auto add = [this](const QString& name, const QString& text, bool isFresh) {
        m_optimizer->addItem(text, name);
        m_optimizer->setItemData(m_optimizer->count() - 1, isFresh, freshRole);
    };
    const QString own = m_origin.optimizer;
    if (!own.isEmpty())
        add(own, own, !m_origin.hasState);
    if (m_origin.hasState)
        add(own, tr("%1, started afresh", "optimizer").arg(own), true);
    for (const QString& name : optimizers)
        if (name != own)
            add(name, name, true);

    m_learningRate->clear();
    if (m_origin.hasSchedule)
        m_learningRate->addItem(tr("its schedule"), 0.0);
    else if (m_origin.learningRate > 0)
        m_learningRate->addItem(numberText(m_origin.learningRate), 0.0);
    for (const double rate : { 1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 1e-1, 3e-1, 1.0 })
        m_learningRate->addItem(numberText(rate), rate);
    if (!m_origin.hasSchedule && !(m_origin.learningRate > 0))
        m_learningRate->setCurrentIndex(4); // 1e-3, the default of Keras's Adam
}

double TrainingForm::learningRate() const
{
    const QString text = m_learningRate->currentText().trimmed();
    const int index = m_learningRate->findText(text);
    if (index >= 0)
        return m_learningRate->itemData(index).toDouble();
    bool isNumber = false;
    double rate = QLocale().toDouble(text, &isNumber);
    if (!isNumber) // "1e-4" with a point, whatever the locale
        rate = QLocale::c().toDouble(text, &isNumber);
    return isNumber && std::isfinite(rate) && rate > 0 ? rate : -1;
}

void TrainingForm::fillData()
{
    const QSignalBlocker blocker(m_data);
    m_data->clear();
    for (const QList<TrainingData>* list : { &m_files, &m_builtin })
        for (const TrainingData& one : *list)
            m_data->addItem(one.title, one.source);
    if (m_data->count() == 0)
        m_data->addItem(tr("no data"), QString());
    m_data->addItem(tr("File…"), chooseFile);
    m_data->setCurrentIndex(std::max(0, m_data->findData(m_source)));
    m_source = m_data->currentData().toString();
    const TrainingData* chosen = chosenData();
    m_rows->setText(chosen != nullptr && chosen->rows >= 0
            ? tr("%1 rows").arg(countText(chosen->rows))
            : tr("rows not counted yet"));
    m_problem->setText(chosen != nullptr ? chosen->problem : QString());
    m_problem->setVisible(!m_problem->text().isEmpty());
    QPalette colours = palette();
    colours.setColor(QPalette::WindowText, VisualLanguage::of(palette()).error);
    m_problem->setPalette(colours);
    fillTargets();
}

void TrainingForm::fillTargets()
{
    const TrainingData* chosen = chosenData();
    QMenu* menu = m_targets->menu();
    menu->clear();
    m_targets->setVisible(chosen != nullptr && !chosen->columns.isEmpty());
    if (chosen == nullptr || chosen->columns.isEmpty())
        return;
    const auto describe = [this, menu] {
        QStringList names;
        for (const QAction* action : menu->actions())
            if (action->isChecked())
                names.append(action->data().toString());
        m_targets->setText(tr("Predict %1").arg(names.join(QStringLiteral(", "))));
        return names;
    };
    for (const QString& column : chosen->columns) {
        QAction* action = menu->addAction(QString(column).replace(u'&', QStringLiteral("&&")));
        action->setData(column);
        action->setCheckable(true);
        action->setChecked(column == chosen->columns.last());
        connect(action, &QAction::toggled, this, [this, describe] {
            emit dataRequested(m_source, describe());
            emit changed();
        });
    }
    describe();
}

void TrainingForm::chooseData(int index)
{
    const QString source = m_data->itemData(index).toString();
    if (source == chooseFile) {
        m_data->setCurrentIndex(std::max(0, m_data->findData(m_source)));
        emit chooseDataRequested();
        return;
    }
    m_source = source;
    fillData();
    emit dataRequested(source, {});
    emit changed();
}

void TrainingForm::rebuildSentence()
{
    const QList<QWidget*> controls{ m_optimizer, m_learningRate, m_step, m_batchSize, m_epochs,
        m_data, m_rows, m_validation, m_loss };
    auto* line = static_cast<FlowLayout*>(m_sentence->layout());
    while (QLayoutItem* item = line->takeAt(0))
        delete item; // not its widget
    for (QWidget* control : controls) {
        control->setParent(m_sentence);
        control->hide();
    }
    qDeleteAll(m_words);
    m_words.clear();
    m_step->setText(QStringLiteral("<b>%1</b>").arg(countText(m_origin.iterations)));
    //: Each %n stands for a control: optimizer, learning rate, step, batch size, epochs, data,
    //: number of rows, share kept for validation. Punctuation may touch it.
    const QString going = tr("Continue with %1 at learning rate %2 from step %3, batches of %4, %5 "
                             "epochs, on %6 (%7, %8 kept for validation).");
    //: As before, without a step: the optimizer starts with empty slots.
    const QString fresh = tr("Start with %1 at learning rate %2, batches of %4, %5 epochs, on %6 "
                             "(%7, %8 kept for validation).");
    addWords(*line, continues() ? going : fresh, controls);
    //: %9 stands for the control that chooses the loss.
    if (m_origin.loss.isEmpty())
        addWords(*line, tr("Make %9 small."), controls);
    m_sentence->updateGeometry();
}

void TrainingForm::addWords(
    FlowLayout& line, const QString& sentence, const QList<QWidget*>& controls)
{
    static const QRegularExpression placeholder(QStringLiteral("^([^%]*)%([1-9])(.*)$"));
    for (const QString& word : sentence.split(u' ', Qt::SkipEmptyParts)) {
        const auto match = placeholder.match(word);
        const int number = match.hasMatch() ? match.captured(2).toInt() : 0;
        auto* holder = new QWidget(m_sentence);
        auto* row = new QHBoxLayout(holder);
        row->setContentsMargins(0, 0, 0, 0);
        row->setSpacing(0);
        const auto add = [&](const QString& text) {
            if (!text.isEmpty())
                row->addWidget(new QLabel(text, holder));
        };
        add(number > 0 ? match.captured(1) : word);
        if (number > 0 && number <= controls.size()) {
            row->addWidget(controls[number - 1]);
            controls[number - 1]->show();
            add(match.captured(3));
        }
        m_words.append(holder);
        line.addWidget(holder);
        holder->show();
    }
}

void TrainingForm::setOrigin(const TrainingOrigin& origin)
{
    m_origin = origin;
    fillOptimizers();
    rebuildSentence();
    emit changed();
}

void TrainingForm::setDataSets(const QList<TrainingData>& builtin)
{
    m_builtin = builtin;
    fillData();
}

void TrainingForm::setData(const TrainingData& facts)
{
    bool isKnown = false;
    for (QList<TrainingData>* list : { &m_files, &m_builtin }) {
        for (TrainingData& one : *list) {
            if (one.source != facts.source)
                continue;
            const QStringList columns = one.columns;
            one = facts;
            isKnown = true;
            // The same columns again: what has been ticked stays.
            if (facts.columns == columns && m_source == facts.source && !columns.isEmpty()) {
                const QStringList targets = settings().targetColumns;
                fillData();
                for (QAction* action : m_targets->menu()->actions()) {
                    const QSignalBlocker blocker(action);
                    action->setChecked(targets.contains(action->data().toString()));
                }
                m_targets->setText(tr("Predict %1").arg(targets.join(QStringLiteral(", "))));
                emit changed();
                return;
            }
        }
    }
    if (!isKnown)
        m_files.prepend(facts);
    m_source = facts.source;
    fillData();
    emit changed();
}

void TrainingForm::setRunning(bool isRunning)
{
    m_isRunning = isRunning;
    for (QWidget* control : { static_cast<QWidget*>(m_optimizer), static_cast<QWidget*>(m_loss),
             static_cast<QWidget*>(m_data), static_cast<QWidget*>(m_batchSize),
             static_cast<QWidget*>(m_epochs), static_cast<QWidget*>(m_validation), m_more })
        control->setEnabled(!isRunning);
}

TrainingSettings TrainingForm::settings() const
{
    TrainingSettings settings{ .optimizer = m_optimizer->currentData().toString(),
        .freshOptimizer = !continues(),
        .learningRate = std::max(0.0, learningRate()),
        .loss = m_origin.loss.isEmpty() ? m_loss->currentText() : QString(),
        .batchSize = m_batchSize->value(),
        .epochs = m_epochs->value(),
        .shuffle = m_shuffle->isChecked(),
        .seed = static_cast<quint64>(m_seed->value()),
        .validationSplit = m_validation->value() / 100,
        .dataSource = m_source,
        .targetColumns = {} };
    if (chosenData() != nullptr && !chosenData()->columns.isEmpty())
        for (const QAction* action : m_targets->menu()->actions())
            if (action->isChecked())
                settings.targetColumns.append(action->data().toString());
    return settings;
}

void TrainingForm::setSettings(const TrainingSettings& settings)
{
    for (int i = 0; i < m_optimizer->count(); ++i) {
        if (m_optimizer->itemData(i).toString() == settings.optimizer
            && m_optimizer->itemData(i, freshRole).toBool() == settings.freshOptimizer)
            m_optimizer->setCurrentIndex(i);
    }
    if (settings.learningRate > 0)
        m_learningRate->setEditText(numberText(settings.learningRate, 8));
    if (!settings.loss.isEmpty())
        m_loss->setCurrentText(settings.loss);
    m_batchSize->setValue(static_cast<int>(std::min<qint64>(settings.batchSize, 1 << 20)));
    m_epochs->setValue(static_cast<int>(std::min<qint64>(settings.epochs, 1'000'000)));
    m_shuffle->setChecked(settings.shuffle);
    m_seed->setValue(static_cast<int>(settings.seed));
    m_validation->setValue(settings.validationSplit * 100);
    if (m_data->findData(settings.dataSource) >= 0)
        m_source = settings.dataSource;
    fillData();
    for (QAction* action : m_targets->menu()->actions()) {
        if (!settings.targetColumns.isEmpty())
            action->setChecked(settings.targetColumns.contains(action->data().toString()));
    }
    rebuildSentence();
}

QString TrainingForm::obstacle() const
{
    if (!m_origin.cannotTrain.isEmpty())
        return m_origin.cannotTrain;
    if (learningRate() < 0)
        return tr("The learning rate is not a number above 0.");
    const TrainingData* chosen = chosenData();
    if (chosen == nullptr)
        return tr("Choose data to learn from.");
    return chosen->problem;
}

} // namespace layerscope::views

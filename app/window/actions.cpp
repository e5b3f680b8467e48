#include "app/window/actions.h"

#include "app/version.h"
#include "app/window/architecture_binding.h"
#include "app/window/language.h"
#include "app/window/main_window.h"
#include "app/window/samples.h"
#include "app/window/training_binding.h"
#include "views/icons.h"
#include "views/layer_tree.h"

#include <QAbstractButton>
#include <QAbstractSpinBox>
#include <QAction>
#include <QActionGroup>
#include <QApplication>
#include <QComboBox>
#include <QDockWidget>
#include <QFileInfo>
#include <QKeyEvent>
#include <QLabel>
#include <QMenu>
#include <QMenuBar>
#include <QMessageBox>
#include <QToolBar>

namespace layerscope::app {

namespace {

constexpr int toolIconSide = 16;

QString shownName(const QString& path)
{
    return QFileInfo(path).fileName().replace(u'&', QLatin1String("&&"));
}

} // namespace

Actions::Actions(MainWindow& window)
    : QObject(&window)
    , m_window(window)
{
    makeFileMenu();
    makeEditMenu();
    makeViewMenu();
    makeModelMenu();
    makeTrainMenu();
    makeHelpMenu();
    makeToolBar();
    qApp->installEventFilter(this);
    connect(
        &window.m_session.settings(), &Settings::recentFilesChanged, this, &Actions::fillRecent);
    fillRecent();
    update();
}

QAction* Actions::add(QMenu* menu, const char* icon, const QString& text, const QKeySequence& key)
{
    QAction* action = menu->addAction(text);
    if (icon)
        action->setIcon(views::icon(icon));
    action->setShortcut(key);
    return action;
}

void Actions::makeFileMenu()
{
    QMenu* menu = m_window.menuBar()->addMenu(tr("&File"));
    m_open = add(menu, "open", tr("&Open…"), QKeySequence::Open);
    m_open->setIconText(tr("Open"));
    connect(m_open, &QAction::triggered, &m_window, &MainWindow::chooseFile);
    QMenu* samples = menu->addMenu(tr("Open sa&mple"));
    for (const QString& path : samplePaths())
        samples->addAction(
            shownName(path), &m_window, [this, path] { m_window.openFiles({ path }); });
    samples->setEnabled(!samples->isEmpty());
    m_recent = menu->addMenu(tr("&Recent"));
    menu->addSeparator();
    m_save = add(menu, "save", tr("&Save"), QKeySequence::Save);
    connect(m_save, &QAction::triggered, &m_window, &MainWindow::saveDocument);
    m_saveAs = add(menu, nullptr, tr("Save &as…"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_S));
    connect(m_saveAs, &QAction::triggered, &m_window, &MainWindow::saveDocumentAs);
    m_export = add(
        menu, "export", tr("&Export weights…"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_E));
    m_export->setIconText(tr("Export weights"));
    connect(m_export, &QAction::triggered, &m_window, &MainWindow::exportWeights);
    menu->addSeparator();
    m_reload = add(menu, "reload", tr("Re&load"), QKeySequence(Qt::Key_F5));
    connect(m_reload, &QAction::triggered, &m_window, &MainWindow::reloadDocument);
    m_close = add(menu, nullptr, tr("&Close"), QKeySequence(Qt::CTRL | Qt::Key_W));
    connect(m_close, &QAction::triggered, &m_window, &MainWindow::closeDocument);
    QAction* quit = add(menu, nullptr, tr("&Quit"), QKeySequence(Qt::CTRL | Qt::Key_Q));
    connect(quit, &QAction::triggered, &m_window, &QWidget::close);
    m_forDocument += { m_saveAs, m_export, m_reload, m_close };
}

void Actions::makeEditMenu()
{
    QMenu* menu = m_window.menuBar()->addMenu(tr("&Edit"));
    QUndoGroup& group = m_window.m_session.undoGroup();
    QAction* undo = group.createUndoAction(this, tr("&Undo"));
    undo->setIcon(views::icon("undo"));
    undo->setShortcut(QKeySequence::Undo);
    QAction* redo = group.createRedoAction(this, tr("&Redo"));
    redo->setIcon(views::icon("redo"));
    redo->setShortcut(QKeySequence::Redo);
    menu->addActions({ undo, redo });
    menu->addSeparator();
    QAction* find = add(menu, "search", tr("&Find layer"), QKeySequence::Find);
    connect(
        find, &QAction::triggered, this, [this] { m_window.currentPage()->tree()->focusFilter(); });
    QAction* tree
        = add(menu, nullptr, tr("Go to the &layer tree"), QKeySequence(Qt::CTRL | Qt::Key_L));
    connect(
        tree, &QAction::triggered, this, [this] { m_window.currentPage()->tree()->focusTree(); });
    m_forDocument += { find, tree };
}

void Actions::makeViewMenu()
{
    QMenu* menu = m_window.menuBar()->addMenu(tr("&View"));
    QAction* weights = add(menu, nullptr, tr("&Weights"), QKeySequence(Qt::ALT | Qt::Key_1));
    connect(weights, &QAction::triggered, this,
        [this] { m_window.currentPage()->showTab(DocumentPage::Tab::Weights); });
    QAction* training = add(menu, nullptr, tr("&Training"), QKeySequence(Qt::ALT | Qt::Key_2));
    connect(training, &QAction::triggered, this,
        [this] { m_window.currentPage()->showTab(DocumentPage::Tab::Training); });
    QAction* doctor = add(menu, nullptr, tr("D&octor"), QKeySequence(Qt::ALT | Qt::Key_6));
    connect(doctor, &QAction::triggered, this,
        [this] { m_window.currentPage()->showTab(DocumentPage::Tab::Doctor); });
    menu->addSeparator();
    QAction* expand = add(menu, nullptr, tr("&Expand all"), QKeySequence(Qt::CTRL | Qt::Key_Plus));
    connect(
        expand, &QAction::triggered, this, [this] { m_window.currentPage()->tree()->expandAll(); });
    QAction* collapse
        = add(menu, nullptr, tr("&Collapse all"), QKeySequence(Qt::CTRL | Qt::Key_Minus));
    connect(collapse, &QAction::triggered, this,
        [this] { m_window.currentPage()->tree()->collapseAll(); });
    m_forDocument += { weights, training, doctor, expand, collapse };
    menu->addSeparator();
    for (QDockWidget* dock : { m_window.m_treeDock, m_window.m_inspectorDock, m_window.m_jobsDock })
        menu->addAction(dock->toggleViewAction());
    menu->addSeparator();
    addThemes(menu->addMenu(tr("T&heme")));
    addLanguages(menu->addMenu(tr("&Language")));
    QAction* full = add(menu, nullptr, tr("&Full screen"), QKeySequence(Qt::Key_F11));
    full->setCheckable(true);
    connect(full, &QAction::toggled, &m_window,
        [this](bool on) { on ? m_window.showFullScreen() : m_window.showNormal(); });
}

void Actions::addThemes(QMenu* menu)
{
    auto* group = new QActionGroup(menu);
    const std::pair<Theme, QString> themes[] = { { Theme::System, tr("Like the &system") },
        { Theme::Light, tr("&Light") }, { Theme::Dark, tr("&Dark") } };
    for (const auto& [theme, text] : themes) {
        QAction* action = menu->addAction(text);
        action->setCheckable(true);
        action->setChecked(m_window.m_session.settings().theme() == theme);
        group->addAction(action);
        connect(action, &QAction::triggered, this,
            [this, theme = theme] { emit m_window.themeRequested(theme); });
    }
}

void Actions::addLanguages(QMenu* menu)
{
    auto* group = new QActionGroup(menu);
    const auto offer = [&](const QString& language, const QString& text) {
        QAction* action = menu->addAction(text);
        action->setCheckable(true);
        action->setChecked(m_window.m_session.settings().language() == language);
        group->addAction(action);
        connect(action, &QAction::triggered, this,
            [this, language] { emit m_window.languageRequested(language); });
    };
    offer({}, tr("Like the &system"));
    for (const QString& language : languages())
        offer(language, languageName(language));
}

void Actions::makeModelMenu()
{
    QMenu* menu = m_window.menuBar()->addMenu(tr("&Model"));
    m_attach = add(menu, nullptr, tr("&Attach architecture…"), {});
    connect(m_attach, &QAction::triggered, this,
        [this] { m_window.m_architectures->attachFromFile(&m_window.currentPage()->document()); });
    m_propose = add(menu, nullptr, tr("&Propose architecture…"), {});
    connect(m_propose, &QAction::triggered, this,
        [this] { m_window.m_architectures->propose(&m_window.currentPage()->document()); });
}

void Actions::makeTrainMenu()
{
    QMenu* menu = m_window.menuBar()->addMenu(tr("&Train"));
    m_train = add(menu, "train", tr("&Train"), {});
    connect(m_train, &QAction::triggered, this, [this] {
        m_window.currentPage()->showTab(DocumentPage::Tab::Training);
        m_window.currentPage()->training().start();
    });
    m_pause = add(menu, "pause", tr("&Pause"), {});
    connect(
        m_pause, &QAction::triggered, this, [this] { m_window.currentPage()->training().pause(); });
    m_step = add(menu, "step", tr("One &step"), QKeySequence(Qt::Key_Period));
    m_step->setIconText(tr("Step"));
    connect(m_step, &QAction::triggered, this, [this] {
        m_window.currentPage()->showTab(DocumentPage::Tab::Training);
        m_window.currentPage()->training().stepOnce();
    });
    m_stop = add(menu, "stop", tr("St&op"), {});
    connect(
        m_stop, &QAction::triggered, this, [this] { m_window.currentPage()->training().stop(); });
    menu->addSeparator();
    m_togglePause = add(menu, nullptr, tr("Train or pa&use"), QKeySequence(Qt::Key_Space));
    connect(m_togglePause, &QAction::triggered, this, [this] {
        m_window.currentPage()->showTab(DocumentPage::Tab::Training);
        m_window.currentPage()->training().togglePause();
    });
}

void Actions::makeHelpMenu()
{
    QMenu* menu = m_window.menuBar()->addMenu(tr("&Help"));
    connect(
        menu->addAction(tr("&About Layerscope")), &QAction::triggered, this, &Actions::showAbout);
}

void Actions::makeToolBar()
{
    QToolBar* bar = m_window.addToolBar(tr("Tool bar"));
    bar->setObjectName(QStringLiteral("tool_bar"));
    bar->setMovable(false);
    bar->setIconSize({ toolIconSide, toolIconSide });
    bar->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    bar->toggleViewAction()->setEnabled(false); // there is no way back to a hidden tool bar
    bar->addActions({ m_open, m_save, m_export });
    bar->addSeparator();
    bar->addActions({ m_train, m_pause, m_step, m_stop });
    m_progressSeparator = bar->addSeparator();
    m_progress = new QLabel(bar);
    m_progress->setContentsMargins(8, 0, 8, 0);
    m_progress->setObjectName(QStringLiteral("progress_text"));
    m_progress->setTextInteractionFlags(Qt::TextSelectableByMouse);
    bar->addWidget(m_progress);
}

void Actions::fillRecent()
{
    m_recent->clear();
    const QStringList files = m_window.m_session.settings().recentFiles();
    for (qsizetype i = 0; i < files.size(); ++i) {
        const QString path = files[i];
        QAction* action = m_recent->addAction(
            shownName(path), &m_window, [this, path] { m_window.openFiles({ path }); });
        action->setShortcut(QKeySequence(Qt::CTRL | static_cast<Qt::Key>(Qt::Key_1 + i)));
        action->setToolTip(path);
    }
    m_recent->setToolTipsVisible(true);
    m_recent->setEnabled(!files.isEmpty());
}

void Actions::update()
{
    using State = TrainingController::State;
    DocumentPage* page = m_window.currentPage();
    for (QAction* action : qAsConst(m_forDocument))
        action->setEnabled(page != nullptr);
    Document* document = page ? &page->document() : nullptr;
    const bool saving = document && m_window.m_session.isSaving(document);
    const State state = document ? document->training().state() : State::Idle;
    const bool canTrain = page && page->canTrain();
    const bool isFree = document && state == State::Idle;
    m_attach->setEnabled(isFree && !document->network()->weights.empty());
    m_propose->setEnabled(isFree && ArchitectureBinding::isWithout(*document));
    m_save->setEnabled(document && !saving && document->isModified());
    m_saveAs->setEnabled(document && !saving);
    m_train->setEnabled(canTrain && (state == State::Idle || state == State::Paused));
    m_train->setText(state == State::Paused ? tr("&Go on") : tr("&Train"));
    m_pause->setEnabled(state == State::Running);
    m_step->setEnabled(canTrain && state != State::Preparing && state != State::Stopping);
    m_stop->setEnabled(
        state == State::Running || state == State::Paused || state == State::Preparing);
    m_togglePause->setEnabled(canTrain && state != State::Preparing && state != State::Stopping);
    setProgressText(page ? page->progressText() : QString());
}

void Actions::setProgressText(const QString& text)
{
    m_progress->setText(text);
    m_progressSeparator->setVisible(!text.isEmpty()); // it parts nothing then
}

bool Actions::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() != QEvent::ShortcutOverride)
        return QObject::eventFilter(watched, event);
    const auto* key = static_cast<QKeyEvent*>(event);
    if (key->modifiers() != Qt::NoModifier
        || (key->key() != Qt::Key_Space && key->key() != Qt::Key_Period))
        return QObject::eventFilter(watched, event);
    const bool isOwner = qobject_cast<QAbstractButton*>(watched)
        || qobject_cast<QComboBox*>(watched) || qobject_cast<QAbstractSpinBox*>(watched);
    if (isOwner)
        event->accept(); // keeps the key from the menus
    return isOwner;
}

void Actions::showAbout()
{
    const std::string_view number = version();
    auto* box = new QMessageBox(QMessageBox::NoIcon, tr("About Layerscope"),
        QStringLiteral("Layerscope %1")
            .arg(QString::fromLatin1(number.data(), static_cast<qsizetype>(number.size()))),
        QMessageBox::Close, &m_window);
    box->setInformativeText(tr("Opens saved Keras models, explains them, trains them further and "
                               "saves them so that Keras resumes.\n\n"
                               "Nothing in a file is ever executed. Free software under the GNU "
                               "General Public License, version 3 or later."));
    box->setIconPixmap(QIcon(QStringLiteral(":/icons/layerscope.svg")).pixmap(64, 64));
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->open();
}

} // namespace layerscope::app

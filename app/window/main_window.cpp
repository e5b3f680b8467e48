#include "app/window/main_window.h"

#include "app/window/actions.h"
#include "app/window/architecture_binding.h"
#include "app/window/diagnosis_page.h"
#include "app/window/dock_title.h"
#include "app/window/document_closer.h"
#include "app/window/format_choice.h"
#include "app/window/samples.h"
#include "views/banner.h"
#include "views/inspector.h"
#include "views/jobs_view.h"
#include "views/layer_tree.h"
#include "views/model_words.h"
#include "views/start_page.h"

#include <QDockWidget>
#include <QFileInfo>
#include <QLabel>
#include <QStackedWidget>
#include <QStatusBar>
#include <QTabBar>
#include <QTabWidget>
#include <QToolButton>
#include <QVBoxLayout>

namespace layerscope::app {

namespace {

/// Shorter jobs are not worth a word.
constexpr int jobShownAfterMs = 300;
constexpr int messageShownMs = 8000;
constexpr int layoutVersion = 1;

QDockWidget* makeDock(QMainWindow* window, const QString& title, const char* name, QWidget* content,
    Qt::DockWidgetArea area)
{
    auto* dock = new QDockWidget(title, window);
    dock->setObjectName(QLatin1String(name));
    dock->setTitleBarWidget(new DockTitle(dock));
    dock->setWidget(content);
    window->addDockWidget(area, dock);
    return dock;
}

} // namespace

MainWindow::MainWindow(Session& session)
    : m_session(session)
    , m_architectures(new ArchitectureBinding(session, this))
    , m_closer(new DocumentCloser(session, this))
    , m_centre(new QStackedWidget(this))
    , m_start(new views::StartPage(this))
    , m_startBanner(new views::Banner(this))
    , m_tabs(new QTabWidget(this))
{
    setObjectName(QStringLiteral("main_window"));
    setAcceptDrops(true);
    setDockNestingEnabled(true);
    makeCentre();
    makeDocks();
    makeStatusBar();
    m_actions = new Actions(*this);
    connectSession();
    m_closer->setSave([this](Document* document, const std::function<void(bool)>& done) {
        SaveRequest request{ document->path(),
            { document->format().toStdString(), formats::OptimizerInFile::Keep },
            SavePurpose::Document };
        m_session.save(document, request, [this, done](const Result<formats::SaveReport>& report) {
            if (!report)
                showError(tr("Saving failed"), report.error());
            done(report.hasValue());
        });
    });
    for (Document* document : session.documents())
        addPage(document);
    for (const analysis::Diagnosis& diagnosis : session.unopened())
        addDiagnosis(diagnosis);
    for (const Message& message : session.messages())
        m_jobs->addMessage({ static_cast<views::MessageLine::Kind>(message.kind), message.text,
            message.detail, message.time });
    updateStartPage();
    updateDocksShown();
    restoreLayout();
    updateTitle();
    offerRecovered();
}

MainWindow::~MainWindow()
{
    // A page that goes ends its jobs, of which half a window must not hear.
    m_session.jobs().disconnect(this);
    m_session.disconnect(this);
}

void MainWindow::makeCentre()
{
    m_tabs->setDocumentMode(true);
    m_tabs->setTabsClosable(true);
    m_tabs->setMovable(true);
    m_tabs->tabBar()->setAutoHide(true);
    m_tabs->tabBar()->setObjectName(QStringLiteral("document_tabs"));
    connect(m_tabs, &QTabWidget::currentChanged, this, [this] {
        if (DocumentPage* page = currentPage())
            showPage(page);
        else
            updateTitle();
    });
    connect(m_tabs, &QTabWidget::tabCloseRequested, this, [this](int index) {
        m_tabs->setCurrentIndex(index);
        if (auto* diagnosis = qobject_cast<DiagnosisPage*>(m_tabs->widget(index)))
            m_session.dismiss(diagnosis->path());
        else
            closeDocument();
    });

    connect(m_start, &views::StartPage::openRequested, this, &MainWindow::chooseFile);
    connect(m_start, &views::StartPage::pathRequested, this,
        [this](const QString& path) { openFiles({ path }); });
    m_centre->addWidget(m_start);
    m_centre->addWidget(m_tabs);
    auto* centre = new QWidget(this);
    auto* layout = new QVBoxLayout(centre);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_startBanner);
    layout->addWidget(m_centre, 1);
    setCentralWidget(centre);
}

void MainWindow::makeDocks()
{
    m_trees = new QStackedWidget(this);
    m_inspectors = new QStackedWidget(this);
    m_jobs = new views::JobsView(this);
    m_treeDock = makeDock(this, tr("Layers"), "layers_dock", m_trees, Qt::LeftDockWidgetArea);
    m_inspectorDock
        = makeDock(this, tr("Inspector"), "inspector_dock", m_inspectors, Qt::RightDockWidgetArea);
    m_jobsDock
        = makeDock(this, tr("Jobs and messages"), "jobs_dock", m_jobs, Qt::BottomDockWidgetArea);
    m_jobsDock->hide();
    // The side docks reach down to the status line.
    setCorner(Qt::BottomLeftCorner, Qt::LeftDockWidgetArea);
    setCorner(Qt::BottomRightCorner, Qt::RightDockWidgetArea);
    connect(m_jobs, &views::JobsView::stopRequested, this, [this](quint64 number) {
        if (Job* job = m_session.jobs().find(number))
            job->stop();
    });
}

void MainWindow::makeStatusBar()
{
    m_facts = new QLabel(this);
    m_facts->setObjectName(QStringLiteral("file_facts"));
    m_facts->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_facts->setContentsMargins(8, 0, 8, 0);
    m_lastMessage = new QLabel(this);
    m_lastMessage->setObjectName(QStringLiteral("last_message"));
    m_lastMessage->setTextFormat(Qt::PlainText);
    m_lastMessage->setForegroundRole(QPalette::PlaceholderText);
    m_jobLine = new views::JobLine(this);
    m_jobLine->hide();
    connect(m_jobLine, &views::JobLine::stopRequested, m_jobs, &views::JobsView::stopRequested);
    auto* messages = new QToolButton(this);
    messages->setDefaultAction(m_jobsDock->toggleViewAction());
    messages->setAutoRaise(true);
    statusBar()->addWidget(m_facts);
    statusBar()->addWidget(m_lastMessage, 1);
    statusBar()->addPermanentWidget(m_jobLine);
    statusBar()->addPermanentWidget(messages);

    m_jobTimer.setInterval(jobShownAfterMs);
    connect(&m_jobTimer, &QTimer::timeout, this, &MainWindow::updateJobs);
    m_messageTimer.setSingleShot(true);
    m_messageTimer.setInterval(messageShownMs);
    connect(&m_messageTimer, &QTimer::timeout, m_lastMessage, &QLabel::clear);
}

void MainWindow::connectSession()
{
    connect(&m_session, &Session::documentOpened, this, [this](Document* document) {
        addPage(document);
        offerArchitecture(document);
    });
    connect(m_architectures, &ArchitectureBinding::failed, this, &MainWindow::showError);
    connect(&m_session, &Session::documentClosing, this, &MainWindow::removePage);
    connect(&m_session, &Session::documentReplaced, this, &MainWindow::replacePage);
    connect(&m_session, &Session::documentShown, this, [this](Document* document) {
        if (DocumentPage* page = pageOf(document))
            m_tabs->setCurrentWidget(page);
    });
    connect(&m_session, &Session::openFailed, this, &MainWindow::tellUnopened);
    connect(&m_session, &Session::examined, this,
        [this] { addDiagnosis(m_session.unopened().constLast()); });
    connect(&m_session, &Session::dismissed, this, &MainWindow::removeDiagnosis);
    connect(&m_session, &Session::changedOnDisk, this, &MainWindow::tellChangedOnDisk);
    connect(&m_session, &Session::saved, this, [this](Document* document) {
        m_changedOnDisk.remove(document);
        updateTab(document);
    });
    connect(&m_session, &Session::messageArrived, this, [this](const Message& message) {
        m_jobs->addMessage({ static_cast<views::MessageLine::Kind>(message.kind), message.text,
            message.detail, message.time });
        m_lastMessage->setText(message.text.section(QLatin1Char('\n'), 0, 0));
        m_messageTimer.start();
    });
    connect(&m_session.jobs(), &JobList::changed, this, &MainWindow::updateJobs);
    connect(
        &m_session.settings(), &Settings::recentFilesChanged, this, &MainWindow::updateStartPage);
}

DocumentPage* MainWindow::currentPage() const
{
    return qobject_cast<DocumentPage*>(m_tabs->currentWidget());
}

QList<DocumentPage*> MainWindow::pages() const
{
    QList<DocumentPage*> found;
    for (int i = 0; i < m_tabs->count(); ++i)
        if (auto* page = qobject_cast<DocumentPage*>(m_tabs->widget(i)))
            found.append(page);
    return found;
}

MainWindow::Place MainWindow::place() const
{
    if (const auto* diagnosis = qobject_cast<DiagnosisPage*>(m_tabs->currentWidget()))
        return { diagnosis->path(), {} };
    DocumentPage* page = currentPage();
    return page ? Place{ page->document().path(), page->currentTab() } : Place{};
}

void MainWindow::goTo(const Place& place)
{
    for (int i = 0; i < m_tabs->count(); ++i)
        if (const auto* diagnosis = qobject_cast<DiagnosisPage*>(m_tabs->widget(i));
            diagnosis && diagnosis->path() == place.path)
            m_tabs->setCurrentIndex(i);
    for (DocumentPage* page : pages()) {
        if (page->document().path() != place.path)
            continue;
        m_tabs->setCurrentWidget(page);
        if (place.tab)
            page->showTab(*place.tab);
    }
}

DocumentPage* MainWindow::pageOf(const Document* document) const
{
    for (DocumentPage* page : pages())
        if (&page->document() == document)
            return page;
    return nullptr;
}

void MainWindow::addPage(Document* document)
{
    auto* page = new DocumentPage(m_session, *document, this);
    m_trees->addWidget(page->tree());
    m_inspectors->addWidget(page->inspector());
    const Settings& settings = m_session.settings();
    if (const QByteArray state = settings.layout(QStringLiteral("columns_of_layers"));
        !state.isEmpty())
        page->tree()->restoreHeaderState(state);
    if (const QByteArray state = settings.layout(QStringLiteral("inspector_columns"));
        !state.isEmpty())
        page->inspector()->restoreHeaderState(state);
    connect(document, &Document::modifiedChanged, this, [this, document] { updateTab(document); });
    connect(document, &Document::fileChanged, this, [this, document] { updateTab(document); });
    connect(document, &Document::shownChanged, this, [this] {
        updateStatus();
        m_actions->update();
    });
    connect(&document->training(), &TrainingController::stateChanged, this,
        [this] { m_actions->update(); });
    connect(page, &DocumentPage::tabsMade, this, [this] { m_actions->update(); });
    connect(page, &DocumentPage::progressTextChanged, this, [this, page] {
        if (page == currentPage())
            m_actions->setProgressText(page->progressText());
    });
    connect(page, &DocumentPage::saveRequested, this,
        [this](const QString& format) { askWhereToSave(false, format); });
    connect(page, &DocumentPage::openRequested, this,
        [this](const QString& path) { openFiles({ path }); });
    connect(page, &DocumentPage::architectureRequested, this,
        [this, document] { m_architectures->attachFromFile(document); });
    connect(document, &Document::trainingEnded, this, [this](const QString&, const Error* error) {
        if (error)
            showError(tr("Training stopped"), *error);
    });
    const int index = m_tabs->addTab(page, document->name());
    m_tabs->setTabToolTip(index, document->path());
    m_tabs->setCurrentIndex(index);
    showPage(page);
    updateDocksShown();
    updateTab(document);
}

void MainWindow::removePage(Document* document)
{
    DocumentPage* page = pageOf(document);
    if (!page)
        return;
    m_changedOnDisk.remove(document);
    m_session.settings().setLayout(
        QStringLiteral("columns_of_layers"), page->tree()->headerState());
    m_tabs->removeTab(m_tabs->indexOf(page));
    delete page;
    updateDocksShown();
    updateTitle();
}

void MainWindow::replacePage(Document* old, Document* fresh)
{
    const DocumentPage* before = pageOf(old);
    const int index = m_tabs->indexOf(pageOf(old));
    const DocumentPage::Tab tab = before ? before->currentTab() : DocumentPage::Tab::Weights;
    addPage(fresh);
    m_tabs->tabBar()->moveTab(m_tabs->count() - 1, index);
    removePage(old);
    if (DocumentPage* page = pageOf(fresh); page && tab != DocumentPage::Tab::Weights)
        page->showTab(tab);
}

void MainWindow::showPage(DocumentPage* page)
{
    m_trees->setCurrentWidget(page->tree());
    m_inspectors->setCurrentWidget(page->inspector());
    m_session.undoGroup().setActiveStack(&page->document().undoStack());
    updateTitle();
}

void MainWindow::updateTab(Document* document)
{
    if (DocumentPage* page = pageOf(document)) {
        const int index = m_tabs->indexOf(page);
        QString text = document->name();
        text.replace(u'&', QLatin1String("&&"));
        m_tabs->setTabText(index, document->isModified() ? text + QStringLiteral(" •") : text);
        m_tabs->setTabToolTip(index, document->path());
    }
    updateTitle();
}

void MainWindow::updateTitle()
{
    DocumentPage* page = currentPage();
    setWindowTitle(page ? page->document().name() + QStringLiteral("[*] – Layerscope")
                        : QStringLiteral("Layerscope[*]"));
    setWindowModified(page && page->document().isModified());
    updateStatus();
    if (m_actions)
        m_actions->update();
}

void MainWindow::updateStatus()
{
    const DocumentPage* page = currentPage();
    m_facts->setText(page ? page->facts() : QString());
}

/// With nothing open the window is the start page alone; the docks come back as they were.
void MainWindow::updateDocksShown()
{
    const bool has = !pages().isEmpty(); // diagnoses have no layers to show
    m_centre->setCurrentIndex(m_tabs->count() > 0 ? 1 : 0);
    statusBar()->setVisible(has);
    if (!has) {
        if (m_hasDocuments)
            saveLayout();
        for (QDockWidget* dock : { m_treeDock, m_inspectorDock, m_jobsDock })
            dock->hide();
    } else if (!m_hasDocuments) {
        m_treeDock->show();
        m_inspectorDock->show();
        const QByteArray state = m_session.settings().layout(QStringLiteral("docks"));
        if (!restoreState(state, layoutVersion))
            resizeDocks({ m_treeDock, m_inspectorDock }, { 458, 280 }, Qt::Horizontal);
    }
    m_hasDocuments = has;
}

void MainWindow::saveLayout()
{
    Settings& settings = m_session.settings();
    settings.setLayout(QStringLiteral("window"), saveGeometry());
    if (m_hasDocuments)
        settings.setLayout(QStringLiteral("docks"), saveState(layoutVersion));
    if (DocumentPage* page = currentPage()) {
        settings.setLayout(QStringLiteral("columns_of_layers"), page->tree()->headerState());
        settings.setLayout(QStringLiteral("inspector_columns"), page->inspector()->headerState());
    }
}

void MainWindow::restoreLayout()
{
    if (!restoreGeometry(m_session.settings().layout(QStringLiteral("window"))))
        resize(1280, 800);
}

void MainWindow::updateStartPage()
{
    QList<views::StartEntry> samples;
    for (const QString& path : samplePaths())
        samples.append({ path, QFileInfo(path).fileName(), {} });
    QList<views::StartEntry> recent;
    for (const QString& path : m_session.settings().recentFiles()) {
        const QFileInfo info(path);
        recent.append({ path, info.fileName(), info.dir().dirName() });
    }
    m_start->setSamples(samples);
    m_start->setRecent(recent);
    m_start->setFormats(openableFormats());
}

void MainWindow::updateJobs()
{
    QList<views::JobState> shown;
    QHash<quint64, QElapsedTimer> ages;
    for (const Job* job : m_session.jobs().jobs()) {
        QElapsedTimer age = m_jobAges.value(job->number());
        if (!age.isValid())
            age.start();
        ages.insert(job->number(), age);
        if (age.elapsed() >= jobShownAfterMs)
            shown.append({ job->number(), job->title(), views::inWords(job->what().toStdString()),
                job->fraction(), job->isStopping() });
    }
    m_jobAges = ages;
    // A job that says nothing for a while has to be shown all the same.
    ages.isEmpty() ? m_jobTimer.stop() : m_jobTimer.start();
    m_jobs->setJobs(shown);
    m_jobLine->setVisible(!shown.isEmpty());
    if (!shown.isEmpty()) {
        m_jobLine->setJob(shown.constFirst());
        statusBar()->show();
    } else {
        statusBar()->setVisible(m_hasDocuments);
    }
    m_actions->update();
}

void MainWindow::changeEvent(QEvent* event)
{
    QMainWindow::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        update();
}

} // namespace layerscope::app

// The window's part in opening, saving and closing.
#include "app/window/architecture_binding.h"
#include "app/window/diagnosis_page.h"
#include "app/window/document_closer.h"
#include "app/window/error_dialog.h"
#include "app/window/format_choice.h"
#include "app/window/main_window.h"
#include "app/window/samples.h"
#include "app/window/save_dialog.h"
#include "views/banner.h"
#include "views/icons.h"
#include "views/start_page.h"
#include "views/visual_language.h"

#include <QDragEnterEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QMessageBox>
#include <QMimeData>
#include <QPushButton>

namespace layerscope::app {

void MainWindow::openFiles(const QStringList& paths)
{
    for (const QString& path : paths)
        m_session.open(path);
}

void MainWindow::chooseFile()
{
    auto* dialog = new QFileDialog(
        this, tr("Open a model"), m_session.settings().lastFolder(), openFilters());
    dialog->setObjectName(QStringLiteral("open_dialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFiles);
    connect(dialog, &QFileDialog::filesSelected, this, [this](const QStringList& paths) {
        if (!paths.isEmpty())
            m_session.settings().setLastFolder(QFileInfo(paths.constFirst()).absolutePath());
        openFiles(paths);
    });
    dialog->open();
}

void MainWindow::save(Document* document, const SaveRequest& request)
{
    m_session.save(document, request, [this](const Result<formats::SaveReport>& report) {
        if (!report && report.error().kind() != ErrorKind::Stopped)
            showError(tr("Saving failed"), report.error());
    });
}

void MainWindow::saveDocument()
{
    DocumentPage* page = currentPage();
    if (!page || m_session.isSaving(&page->document()))
        return;
    Document& document = page->document();
    const QList<FormatChoice> choices = writableFormats();
    const bool canWrite = std::any_of(choices.begin(), choices.end(),
        [&](const FormatChoice& choice) { return choice.name == document.format(); });
    const bool isSample = !sampleFolder().isEmpty() && document.path().startsWith(sampleFolder());
    // Weights that got an architecture become a model, which their own format does not hold.
    const bool outgrown
        = std::any_of(choices.begin(), choices.end(), [&](const FormatChoice& choice) {
              return choice.name == document.format() && !choice.holdsModel
                  && !document.network()->architecture.isEmpty();
          });
    if (!canWrite || isSample || outgrown) {
        saveDocumentAs();
        return;
    }
    const SaveRequest request{ document.path(),
        { document.format().toStdString(), formats::OptimizerInFile::Keep },
        SavePurpose::Document };
    if (!m_changedOnDisk.contains(&document)) {
        save(&document, request);
        return;
    }
    auto* question = new QMessageBox(QMessageBox::Warning, tr("Replace file"),
        tr("%1 was changed by another program since it was opened. Replace it?")
            .arg(document.name()),
        QMessageBox::Cancel, this);
    QPushButton* replace = question->addButton(tr("Replace"), QMessageBox::AcceptRole);
    question->setAttribute(Qt::WA_DeleteOnClose);
    connect(replace, &QPushButton::clicked, this, [this, held = QPointer(&document), request] {
        if (held)
            save(held, request);
    });
    question->open();
}

void MainWindow::saveDocumentAs()
{
    askWhereToSave(false);
}

void MainWindow::exportWeights()
{
    askWhereToSave(true);
}

void MainWindow::askWhereToSave(bool weightsOnly, const QString& format)
{
    DocumentPage* page = currentPage();
    if (!page || m_session.isSaving(&page->document()))
        return;
    Document& document = page->document();
    QString path = document.path();
    const bool isSample = !sampleFolder().isEmpty() && path.startsWith(sampleFolder());
    if (isSample)
        path = QDir(m_session.settings().lastFolder()).filePath(document.name());
    auto* dialog = new SaveDialog(document.network(), path,
        weightsOnly ? SaveDialog::Content::Weights : SaveDialog::Content::WholeModel, this);
    dialog->selectFormat(format);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &SaveDialog::saveRequested, this,
        [this, held = QPointer(&document)](const SaveRequest& request) {
            m_session.settings().setLastFolder(QFileInfo(request.path).absolutePath());
            if (held)
                save(held, request);
        });
    dialog->open();
}

void MainWindow::reloadDocument()
{
    leaveDocument(&Session::reload);
}

void MainWindow::closeDocument()
{
    leaveDocument(&Session::close);
}

void MainWindow::leaveDocument(void (Session::*leave)(Document*))
{
    DocumentPage* page = currentPage();
    if (!page)
        return;
    Document* document = &page->document();
    m_closer->ask({ document }, [session = &m_session, leave, held = QPointer(document)] {
        if (held)
            (session->*leave)(held);
    });
}

void MainWindow::closeForRebuild()
{
    saveLayout();
    m_closeApproved = true;
    close();
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    if (m_closeApproved) {
        event->accept();
        return;
    }
    event->ignore();
    m_closer->ask(m_session.documents(), [this] {
        saveLayout();
        m_closeApproved = true;
        close();
    });
}

void MainWindow::showError(const QString& title, const Error& error)
{
    showErrorDialog(this, title, error);
}

/// Where there is no file, or none that may be read, a dialog says so; others are examined.
void MainWindow::tellUnopened(const QString& path, const Error& error)
{
    if (error.kind() == ErrorKind::NotFound || error.kind() == ErrorKind::NotReadable)
        showError(tr("%1 cannot be opened").arg(QFileInfo(path).fileName()), error);
}

void MainWindow::addDiagnosis(const analysis::Diagnosis& diagnosis)
{
    auto* page = new DiagnosisPage(diagnosis, this);
    connect(page, &DiagnosisPage::openRequested, this,
        [this](const QString& other) { openFiles({ other }); });
    connect(page, &DiagnosisPage::closeRequested, this,
        [this, page] { m_session.dismiss(page->path()); });
    const int index = m_tabs->addTab(page, QFileInfo(page->path()).fileName());
    m_tabs->setTabIcon(index, views::icon("error", views::VisualLanguage::of(palette()).error));
    m_tabs->setTabToolTip(index, page->path());
    m_tabs->setCurrentIndex(index);
    updateDocksShown();
    updateTitle();
}

void MainWindow::removeDiagnosis(const QString& path)
{
    for (int i = m_tabs->count() - 1; i >= 0; --i) {
        auto* page = qobject_cast<DiagnosisPage*>(m_tabs->widget(i));
        if (!page || page->path() != path)
            continue;
        m_tabs->removeTab(i);
        page->deleteLater(); // its button may be the one that was clicked
    }
    updateDocksShown();
    updateTitle();
}

void MainWindow::tellChangedOnDisk(Document* document)
{
    DocumentPage* page = pageOf(document);
    if (!page)
        return;
    m_changedOnDisk.insert(document);
    page->banner()->say(views::Banner::Kind::Warning,
        tr("%1 was changed by another program.").arg(document->name()),
        { { tr("Reload"), [this, page] {
               m_tabs->setCurrentWidget(page);
               reloadDocument();
           } } });
}

/// After a second file came: weights and an architecture that may belong together.
void MainWindow::offerArchitecture(Document* document)
{
    const QList<Document*> others = m_architectures->counterparts(document);
    DocumentPage* page = pageOf(document);
    if (others.isEmpty() || !page)
        return;
    const QPointer<Document> other(others.constLast());
    const QPointer<Document> own(document);
    const bool isOwn = ArchitectureBinding::isWithout(*document);
    const QString weights = isOwn ? document->name() : other->name();
    const QString architecture = isOwn ? other->name() : document->name();
    page->banner()->say(views::Banner::Kind::Note,
        tr("%1 holds weights without an architecture; %2 has one.").arg(weights, architecture),
        { { tr("Attach it…"), [this, own, other, isOwn, architecture] {
               if (!own || !other)
                   return;
               Document* target = isOwn ? own : other;
               if (DocumentPage* shown = pageOf(target))
                   m_tabs->setCurrentWidget(shown);
               m_architectures->attach(target, (isOwn ? other : own)->network(), architecture);
           } } });
}

void MainWindow::offerRecovered()
{
    const QList<RecoveredFile> entries = m_session.recovery().list();
    if (entries.isEmpty())
        return;
    QStringList names;
    for (const RecoveredFile& entry : entries)
        names.append(QFileInfo(entry.originalPath).fileName());
    m_startBanner->say(views::Banner::Kind::Note,
        tr("Layerscope ended before this was saved: %1.").arg(names.join(QLatin1String(", "))),
        { { tr("Recover"),
              [this, entries] {
                  for (const RecoveredFile& entry : entries)
                      m_session.openRecovered(entry);
              } },
            { tr("Throw away"), [this, entries] {
                 for (const RecoveredFile& entry : entries)
                     m_session.recovery().discard(entry);
             } } });
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event)
{
    const QList<QUrl> urls = event->mimeData()->urls();
    if (std::none_of(urls.begin(), urls.end(), [](const QUrl& url) { return url.isLocalFile(); }))
        return;
    event->acceptProposedAction();
    m_start->setDropping(true);
}

void MainWindow::dragLeaveEvent(QDragLeaveEvent*)
{
    m_start->setDropping(false);
}

void MainWindow::dropEvent(QDropEvent* event)
{
    m_start->setDropping(false);
    QStringList paths;
    for (const QUrl& url : event->mimeData()->urls())
        if (url.isLocalFile())
            paths.append(url.toLocalFile());
    event->acceptProposedAction();
    openFiles(paths);
    activateWindow();
}

} // namespace layerscope::app

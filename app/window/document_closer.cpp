#include "app/window/document_closer.h"

#include <QMessageBox>
#include <QPushButton>

namespace layerscope::app {

DocumentCloser::DocumentCloser(Session& session, QWidget* window)
    : QObject(window)
    , m_session(session)
    , m_window(window)
{
}

void DocumentCloser::ask(const QList<Document*>& documents, std::function<void()> proceed)
{
    if (m_asking)
        return;
    m_asking = true;
    m_left.clear();
    for (Document* document : documents)
        m_left.append(document);
    m_proceed = std::move(proceed);
    next();
}

void DocumentCloser::next()
{
    while (!m_left.isEmpty()) {
        Document* document = m_left.constFirst();
        if (!document || (!document->isModified() && !document->training().isActive())) {
            m_left.removeFirst();
            continue;
        }
        if (document->training().isActive()) {
            connect(document, &Document::trainingEnded, this, &DocumentCloser::next,
                static_cast<Qt::ConnectionType>(Qt::QueuedConnection | Qt::SingleShotConnection));
            document->training().stop();
            return;
        }
        question(document);
        return;
    }
    m_asking = false;
    if (const auto proceed = std::exchange(m_proceed, {}))
        proceed();
}

void DocumentCloser::question(Document* document)
{
    auto* box = new QMessageBox(QMessageBox::Question, tr("Unsaved changes"),
        tr("Save the changes to %1?").arg(document->name()), QMessageBox::NoButton, m_window);
    box->setObjectName(QStringLiteral("unsaved_changes"));
    box->setInformativeText(tr("Without saving, what was trained since the last save is lost."));
    box->setAttribute(Qt::WA_DeleteOnClose);
    QPushButton* save = box->addButton(tr("Save"), QMessageBox::AcceptRole);
    QPushButton* discard = box->addButton(tr("Close without saving"), QMessageBox::DestructiveRole);
    QPushButton* cancel = box->addButton(tr("Cancel"), QMessageBox::RejectRole);
    box->setDefaultButton(save);
    box->setEscapeButton(cancel);
    connect(
        box, &QMessageBox::finished, this, [this, box, save, discard, held = QPointer(document)] {
            if (box->clickedButton() == save && held) {
                m_save(held, [this](bool saved) {
                    if (saved) {
                        m_left.removeFirst();
                        next();
                    } else {
                        m_asking = false;
                    }
                });
            } else if (box->clickedButton() == discard) {
                m_left.removeFirst();
                next();
            } else {
                m_asking = false;
            }
        });
    box->open();
}

} // namespace layerscope::app

#pragma once

#include "app/session/session.h"

#include <QObject>
#include <QWidget>

#include <functional>

namespace layerscope::app {

/// Asks about unsaved changes, one document after the other, before they are closed; stops training
/// runs first, so that what they learned can be saved too.
class DocumentCloser : public QObject
{
    Q_OBJECT

public:
    DocumentCloser(Session& session, QWidget* window);

    /// Calls `proceed` once everything in `documents` is saved or given up, and never if the user
    /// says Cancel or a save fails. `saveAs` is asked where a document cannot be saved as it is.
    void ask(const QList<Document*>& documents, std::function<void()> proceed);

    /// How to save a document; set by the window. Calls back with whether it worked.
    using Save = std::function<void(Document*, std::function<void(bool)>)>;
    void setSave(Save save) { m_save = std::move(save); }

    bool isAsking() const { return m_asking; }

private:
    void next();
    void question(Document* document);

    Session& m_session;
    QWidget* m_window;
    Save m_save;
    QList<QPointer<Document>> m_left;
    std::function<void()> m_proceed;
    bool m_asking = false;
};

} // namespace layerscope::app

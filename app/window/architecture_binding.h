#pragma once

#include "app/session/session.h"

#include <QWidget>

namespace layerscope::app {

/// Gives files of weights an architecture: from another file, or from their shapes. Each becomes
/// one command that can be undone.
class ArchitectureBinding : public QObject
{
    Q_OBJECT

public:
    ArchitectureBinding(Session& session, QWidget* window);

    /// Whether `document` holds weights without an architecture.
    static bool isWithout(const Document& document);
    /// The open documents whose architecture could be attached to `document`, and the reverse.
    QList<Document*> counterparts(const Document* document) const;

    void attachFromFile(Document* document);
    void attach(Document* document, const NetworkPointer& architecture, const QString& name);
    void propose(Document* document);

signals:
    void failed(const QString& title, const layerscope::Error& error);

private:
    Session& m_session;
    QWidget* m_window;
};

} // namespace layerscope::app

#include "app/window/architecture_binding.h"

#include "app/session/run_job.h"
#include "app/window/attach_dialog.h"
#include "app/window/format_choice.h"
#include "app/window/propose_dialog.h"

#include <QFileDialog>
#include <QFileInfo>

namespace layerscope::app {

ArchitectureBinding::ArchitectureBinding(Session& session, QWidget* window)
    : QObject(window)
    , m_session(session)
    , m_window(window)
{
}

bool ArchitectureBinding::isWithout(const Document& document)
{
    const Network& network = *document.network();
    return network.architecture.isEmpty() && !network.weights.empty();
}

QList<Document*> ArchitectureBinding::counterparts(const Document* document) const
{
    QList<Document*> found;
    const bool without = isWithout(*document);
    for (Document* other : m_session.documents())
        if (other != document && isWithout(*other) != without
            && (without || document->network()->weights.empty()
                || other->network()->weights.size() == document->network()->weights.size()))
            found.append(other);
    return found;
}

void ArchitectureBinding::attachFromFile(Document* document)
{
    auto* dialog = new QFileDialog(m_window, tr("Architecture for %1").arg(document->name()),
        m_session.settings().lastFolder(), openFilters());
    dialog->setObjectName(QStringLiteral("architecture_dialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this,
        [this, held = QPointer(document)](const QString& path) {
            m_session.settings().setLastFolder(QFileInfo(path).absolutePath());
            const QString name = QFileInfo(path).fileName();
            Job* job = m_session.jobs().add(tr("Opening %1").arg(name));
            runJob(
                m_session.filePool(), job,
                [path](const JobContext& context) -> Result<NetworkPointer> {
                    TRY(Network network, formats::openNetwork(path.toStdString(), context));
                    return std::make_shared<const Network>(std::move(network));
                },
                this,
                [this, held, name](const Result<NetworkPointer>& network) {
                    if (held && network)
                        attach(held, *network, name);
                    else if (held && network.error().kind() != ErrorKind::Stopped)
                        emit failed(tr("%1 cannot be opened").arg(name), network.error());
                });
        });
    dialog->open();
}

void ArchitectureBinding::attach(
    Document* document, const NetworkPointer& architecture, const QString& name)
{
    auto* dialog = new AttachDialog(document->network(), architecture, name, m_window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &AttachDialog::attachRequested, this,
        [held = QPointer(document)](const NetworkPointer& network) {
            if (held)
                held->keep(network, tr("Attach architecture"));
        });
    dialog->open();
}

void ArchitectureBinding::propose(Document* document)
{
    const Result<analysis::Proposal> proposal = analysis::proposeArchitecture(*document->network());
    if (!proposal) {
        emit failed(tr("No architecture can be proposed"), proposal.error());
        return;
    }
    auto* dialog = new ProposeDialog(document->network(), *proposal, m_window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &ProposeDialog::proposalAccepted, this,
        [held = QPointer(document)](const NetworkPointer& network) {
            if (held)
                held->keep(network, tr("Use the proposed architecture"));
        });
    dialog->open();
}

} // namespace layerscope::app

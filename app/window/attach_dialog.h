#pragma once

#include "app/session/document.h"
#include "model/network/attach.h"

#include <QDialog>

QT_BEGIN_NAMESPACE
class QComboBox;
class QLabel;
class QPushButton;
QT_END_NAMESPACE

namespace layerscope::views {
class TextTableItemModel;
}

namespace layerscope::app {

/// Shows how the weights of one file fit the architecture of another: what matched, what is
/// missing or extra, shapes expected and found. Nothing is attached before the user says so.
class AttachDialog : public QDialog
{
    Q_OBJECT

public:
    AttachDialog(const NetworkPointer& weights, const NetworkPointer& architecture,
        const QString& architectureName, QWidget* parent);

signals:
    void attachRequested(const layerscope::app::NetworkPointer& network);

public slots:
    void accept() override;

private:
    void build(const QString& architectureName);
    void pair();
    void showTable();

    NetworkPointer m_weights;
    NetworkPointer m_architecture;
    std::optional<Attachment> m_attachment;
    QComboBox* m_pairing;
    QLabel* m_verdict;
    views::TextTableItemModel* m_items;
    QPushButton* m_attach = nullptr;
};

} // namespace layerscope::app

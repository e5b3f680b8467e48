#pragma once

#include "app/session/document.h"
#include "model/crossing/crossing.h"

#include <QWidget>

QT_BEGIN_NAMESPACE
class QLabel;
class QToolButton;
class QTreeView;
QT_END_NAMESPACE

namespace layerscope::views {
class TextTableItemModel;
}

namespace layerscope::app {

/// What crossing to another Keras changes in a network, as a table that can be folded away. It is
/// found in the background.
class ChangesPanel : public QWidget
{
    Q_OBJECT

public:
    explicit ChangesPanel(QWidget* parent = nullptr);

    /// Begins to find out what saving `network` as `format` changes.
    void setTarget(const NetworkPointer& network, const QString& format);

    /// Why it cannot be saved so; empty while that is not known, and where it can.
    const QString& obstacle() const { return m_obstacle; }

signals:
    void finished(); ///< obstacle() is known

private:
    void showCrossed(const Result<crossing::Crossed>& crossed);
    void fold(bool open);

    QToolButton* m_title;
    QLabel* m_remarks;
    QTreeView* m_table;
    views::TextTableItemModel* m_items;
    QString m_obstacle;
    int m_request = 0;
};

} // namespace layerscope::app

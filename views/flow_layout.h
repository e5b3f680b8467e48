#pragma once

#include <QLayout>
#include <QList>

namespace layerscope::views {

/// Puts its items one after the other and begins a new line where the width ends, as words in a
/// paragraph; items of a line are centred on it.
class FlowLayout : public QLayout
{
    Q_OBJECT

public:
    FlowLayout(int horizontalSpacing, int verticalSpacing, QWidget* parent = nullptr);
    ~FlowLayout() override;

    void addItem(QLayoutItem* item) override;
    int count() const override;
    QLayoutItem* itemAt(int index) const override;
    QLayoutItem* takeAt(int index) override;
    Qt::Orientations expandingDirections() const override { return {}; }
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;
    QSize minimumSize() const override;
    QSize sizeHint() const override;
    void setGeometry(const QRect& rect) override;

private:
    enum class Mode {
        Measure,
        Place,
    };
    int flow(const QRect& rect, Mode mode) const; ///< the height it takes

    QList<QLayoutItem*> m_items; ///< owned
    int m_horizontalSpacing, m_verticalSpacing;
};

} // namespace layerscope::views

#include "app/window/first_paint.h"

#include <QEvent>
#include <QTimer>

namespace layerscope::app {

namespace {

class FirstPaint : public QObject
{
public:
    FirstPaint(QWidget* widget, std::function<void()> painted)
        : QObject(widget)
        , m_painted(std::move(painted))
    {
        widget->installEventFilter(this);
    }

    bool eventFilter(QObject* watched, QEvent* event) override
    {
        // The filter stands before the painting itself.
        if (event->type() == QEvent::Paint && m_painted)
            QTimer::singleShot(0, this, [this, painted = std::exchange(m_painted, {})] {
                deleteLater();
                painted();
            });
        return QObject::eventFilter(watched, event);
    }

private:
    std::function<void()> m_painted;
};

} // namespace

void afterFirstPaint(QWidget* widget, std::function<void()> painted)
{
    new FirstPaint(widget, std::move(painted));
}

} // namespace layerscope::app

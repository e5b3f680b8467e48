#pragma once

#include <QWidget>

#include <functional>

QT_BEGIN_NAMESPACE
class QHBoxLayout;
class QLabel;
QT_END_NAMESPACE

namespace layerscope::views {

/// A line across the top of a page: something to know, with buttons for what can be done about it.
class Banner : public QWidget
{
    Q_OBJECT

public:
    enum class Kind { Note, Warning };

    explicit Banner(QWidget* parent = nullptr);

    struct Choice
    {
        QString text;
        std::function<void()> action; ///< the banner goes before it is called
    };

    /// Shows itself. Every banner can also be closed without a choice.
    void say(Kind kind, const QString& text, const QList<Choice>& choices);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QLabel* m_icon;
    QLabel* m_text;
    QHBoxLayout* m_buttons;
    Kind m_kind = Kind::Note;
};

} // namespace layerscope::views

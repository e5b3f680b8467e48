#pragma once

#include <QFrame>
#include <QString>
#include <QStringList>

QT_BEGIN_NAMESPACE
class QLabel;
class QPushButton;
class QToolButton;
QT_END_NAMESPACE

namespace layerscope::views {

/// Something that the doctor found, in the user's language.
struct DoctorFinding
{
    enum class Severity { Error, Warning, Note };

    Severity severity = Severity::Note;
    QString what;
    QString where; ///< a layer or a part of the file; may be empty
    QStringList layer; ///< the path of the layer that `where` is; else empty
    QString why;
    QString remedy;
    QString button; ///< words of the button that does it; empty: there is none
};

/// Shows one finding: what, where, why it matters, what to do. The card itself takes the focus, so
/// that a screen reader reads it; Ctrl+C copies its words.
class DoctorCard : public QFrame
{
    Q_OBJECT

public:
    DoctorCard(const DoctorFinding& finding, QWidget* parent);

    const DoctorFinding& finding() const { return m_finding; }
    QString words() const; ///< everything it says, a line each

signals:
    void selectRequested(const QStringList& layer);
    void remedyRequested();

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void changeEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    void build();
    void paintIcon();

    DoctorFinding m_finding;
    QLabel* m_icon;
};

/// "Error", "Warning", "Note": what the colour and the icon say as well.
QString severityText(DoctorFinding::Severity severity);

} // namespace layerscope::views

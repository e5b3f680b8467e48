#pragma once

#include <QList>
#include <QWidget>

QT_BEGIN_NAMESPACE
class QLabel;
class QPushButton;
class QVBoxLayout;
QT_END_NAMESPACE

namespace layerscope::views {

/// Something that can be opened with one click.
struct StartEntry
{
    QString path;
    QString title;
    QString detail; ///< in grey beside it
};

/// What stands in the middle while nothing is open: where to drop a model, buttons, samples, recent
/// files, and what can be opened.
class StartPage : public QWidget
{
    Q_OBJECT

public:
    explicit StartPage(QWidget* parent = nullptr);

    void setSamples(const QList<StartEntry>& samples);
    void setRecent(const QList<StartEntry>& recent);
    /// "Keras HDF5 (.h5, .hdf5), …"
    void setFormats(const QString& formats);

    /// While something is dragged over the window.
    void setDropping(bool dropping);

signals:
    void openRequested();
    void pathRequested(const QString& path);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void fill(QVBoxLayout* column, const QList<StartEntry>& entries, const QString& emptyText);

    QVBoxLayout* m_samples;
    QVBoxLayout* m_recent;
    QWidget* m_dropArea;
    QLabel* m_formats;
    bool m_dropping = false;
};

} // namespace layerscope::views

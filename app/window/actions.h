#pragma once

#include "app/session/settings.h"

#include <QObject>

QT_BEGIN_NAMESPACE
class QAction;
class QLabel;
class QMenu;
QT_END_NAMESPACE

namespace layerscope::app {

class MainWindow;

/// Menus, tool bar and shortcuts of the window, and when each of them can be used.
class Actions : public QObject
{
    Q_OBJECT

public:
    explicit Actions(MainWindow& window);

    /// After the current document, its state or the list of recent files changed.
    void update();
    void setProgressText(const QString& text);

protected:
    /// Space and full stop belong to buttons, boxes and text fields while they have the focus.
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QAction* add(QMenu* menu, const char* icon, const QString& text, const QKeySequence& key);
    void makeFileMenu();
    void makeEditMenu();
    void makeViewMenu();
    void makeModelMenu();
    void makeTrainMenu();
    void makeHelpMenu();
    void makeToolBar();
    void makeShortcuts();
    void fillRecent();
    void showAbout();
    void addThemes(QMenu* menu);
    void addLanguages(QMenu* menu);

    MainWindow& m_window;
    QMenu* m_recent = nullptr;
    QAction* m_open = nullptr;
    QAction* m_save = nullptr;
    QAction* m_saveAs = nullptr;
    QAction* m_export = nullptr;
    QAction* m_reload = nullptr;
    QAction* m_close = nullptr;
    QAction* m_attach = nullptr;
    QAction* m_propose = nullptr;
    QAction* m_train = nullptr;
    QAction* m_pause = nullptr;
    QAction* m_step = nullptr;
    QAction* m_stop = nullptr;
    QAction* m_togglePause = nullptr;
    QList<QAction*> m_forDocument; ///< need an open one
    QLabel* m_progress = nullptr;
    QAction* m_progressSeparator = nullptr;
};

} // namespace layerscope::app

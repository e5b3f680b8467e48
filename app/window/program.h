#pragma once

#include "app/window/main_window.h"

#include <QObject>

#include <memory>

QT_BEGIN_NAMESPACE
class QApplication;
QT_END_NAMESPACE

namespace layerscope::app {

/// Settings, session and the window over them. A change of language makes the window anew, so that
/// no view has to know how to change its words.
class Program : public QObject
{
    Q_OBJECT

public:
    /// `settingsFile` and `dataFolder`: empty for the user's own.
    explicit Program(QApplication& application, const QString& settingsFile = {},
        const QString& dataFolder = {});
    ~Program() override;

    Settings& settings() { return m_settings; }
    Session& session() { return *m_session; }
    MainWindow& window() { return *m_window; }

    /// Theme and language of the settings, or these for this run only.
    void start(std::optional<Theme> theme = {}, const QString& language = {});

private:
    void makeWindow();
    void changeTheme(Theme theme);
    void changeLanguage(const QString& language);

    QApplication& m_application;
    Settings m_settings;
    std::unique_ptr<Session> m_session;
    std::unique_ptr<MainWindow> m_window;
};

} // namespace layerscope::app

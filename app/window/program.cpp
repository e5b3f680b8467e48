#include "app/window/program.h"

#include "app/window/language.h"
#include "app/window/theme.h"

#include <QApplication>
#include <QStandardPaths>

namespace layerscope::app {

Program::Program(QApplication& application, const QString& settingsFile, const QString& dataFolder)
    : m_application(application)
    , m_settings(settingsFile)
    , m_session(std::make_unique<Session>(m_settings,
          dataFolder.isEmpty()
              ? QStandardPaths::writableLocation(QStandardPaths::AppLocalDataLocation)
              : dataFolder))
{
}

Program::~Program()
{
    m_window.reset(); // views first: they listen to the session
}

void Program::start(std::optional<Theme> theme, const QString& language)
{
    applyTheme(m_application, theme.value_or(m_settings.theme()));
    applyLanguage(m_application, language.isEmpty() ? m_settings.language() : language);
    makeWindow();
}

void Program::makeWindow()
{
    m_window = std::make_unique<MainWindow>(*m_session);
    connect(m_window.get(), &MainWindow::themeRequested, this, &Program::changeTheme);
    connect(m_window.get(), &MainWindow::languageRequested, this, &Program::changeLanguage,
        Qt::QueuedConnection);
    m_window->show();
}

void Program::changeTheme(Theme theme)
{
    m_settings.setTheme(theme);
    applyTheme(m_application, theme);
}

void Program::changeLanguage(const QString& language)
{
    m_settings.setLanguage(language);
    const bool quits = QGuiApplication::quitOnLastWindowClosed();
    QGuiApplication::setQuitOnLastWindowClosed(false);
    const MainWindow::Place place = m_window->place();
    m_window->closeForRebuild();
    m_window.reset();
    applyLanguage(m_application, language);
    makeWindow();
    m_window->goTo(place);
    QGuiApplication::setQuitOnLastWindowClosed(quits);
}

} // namespace layerscope::app

#include "app/session/settings.h"

#include <QDir>
#include <QFileInfo>

namespace layerscope::app {

namespace {

constexpr int recentCount = 9;

QString recentKey()
{
    return QStringLiteral("recent_files");
}

} // namespace

// QSettings has no constructor that takes either a file or nothing; an empty organisation would be
// a warning, so that both cases name what they mean.
Settings::Settings(const QString& file, QObject* parent)
    : QObject(parent)
    , m_store(file.isEmpty() ? QSettings(QSettings::IniFormat, QSettings::UserScope,
                  QStringLiteral("layerscope"), QStringLiteral("layerscope"))
                                   .fileName()
                             : file,
          QSettings::IniFormat)
{
}

QStringList Settings::recentFiles() const
{
    return m_store.value(recentKey()).toStringList();
}

void Settings::addRecentFile(const QString& path)
{
    const QString absolute = QFileInfo(path).absoluteFilePath();
    QStringList files = recentFiles();
    files.removeAll(absolute);
    files.prepend(absolute);
    files.resize(std::min<qsizetype>(files.size(), recentCount));
    m_store.setValue(recentKey(), files);
    emit recentFilesChanged();
}

void Settings::removeRecentFile(const QString& path)
{
    QStringList files = recentFiles();
    if (files.removeAll(path) == 0)
        return;
    m_store.setValue(recentKey(), files);
    emit recentFilesChanged();
}

Theme Settings::theme() const
{
    const QString name = m_store.value(QStringLiteral("theme")).toString();
    if (name == QLatin1String("light"))
        return Theme::Light;
    return name == QLatin1String("dark") ? Theme::Dark : Theme::System;
}

void Settings::setTheme(Theme theme)
{
    const QString name = theme == Theme::Light ? QStringLiteral("light")
        : theme == Theme::Dark                 ? QStringLiteral("dark")
                                               : QStringLiteral("system");
    m_store.setValue(QStringLiteral("theme"), name);
}

QString Settings::language() const
{
    return m_store.value(QStringLiteral("language")).toString();
}

void Settings::setLanguage(const QString& language)
{
    m_store.setValue(QStringLiteral("language"), language);
}

QString Settings::lastFolder() const
{
    return m_store.value(QStringLiteral("last_folder"), QDir::homePath()).toString();
}

void Settings::setLastFolder(const QString& folder)
{
    m_store.setValue(QStringLiteral("last_folder"), folder);
}

QByteArray Settings::layout(const QString& name) const
{
    return m_store.value(QLatin1String("layout/") + name).toByteArray();
}

void Settings::setLayout(const QString& name, const QByteArray& state)
{
    m_store.setValue(QLatin1String("layout/") + name, state);
}

QVariant Settings::choice(const QString& name, const QVariant& fallback) const
{
    return m_store.value(QLatin1String("choices/") + name, fallback);
}

void Settings::setChoice(const QString& name, const QVariant& value)
{
    m_store.setValue(QLatin1String("choices/") + name, value);
}

} // namespace layerscope::app

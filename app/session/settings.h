#pragma once

#include <QByteArray>
#include <QObject>
#include <QSettings>
#include <QStringList>

namespace layerscope::app {

enum class Theme { System, Light, Dark };

/// What the program remembers between two runs.
class Settings : public QObject
{
    Q_OBJECT

public:
    /// The user's own settings; with `file`, those in a file (for tests).
    explicit Settings(const QString& file = {}, QObject* parent = nullptr);

    QStringList recentFiles() const; ///< latest first, at most 9: one for each of Ctrl+1 to Ctrl+9
    void addRecentFile(const QString& path);
    void removeRecentFile(const QString& path);

    Theme theme() const;
    void setTheme(Theme theme);

    /// "en", "pt_BR", or empty: that of the system.
    QString language() const;
    void setLanguage(const QString& language);

    /// The folder a file dialog starts in.
    QString lastFolder() const;
    void setLastFolder(const QString& folder);

    /// State of a window, splitter or header, by name.
    QByteArray layout(const QString& name) const;
    void setLayout(const QString& name, const QByteArray& state);

    /// Small choices (a filter, a number of bins), by name.
    QVariant choice(const QString& name, const QVariant& fallback = {}) const;
    void setChoice(const QString& name, const QVariant& value);

signals:
    void recentFilesChanged();

private:
    QSettings m_store;
};

} // namespace layerscope::app

#pragma once

#include "app/session/settings.h"
#include "model/core/result.h"

#include <QSize>
#include <QTemporaryDir>

#include <memory>
#include <optional>

namespace layerscope::app {

/// The window's part of the command line; see open_window.h.
struct WindowOptions
{
    QStringList files;
    QString language;
    std::optional<Theme> theme;
    bool timeOpen = false;

    QString screenshot; ///< empty: a window for people
    QString tab; ///< "weights", "training" or "doctor"; empty: as it opens
    QString layer; ///< path joined by '/'
    QSize size{ 1280, 800 };
    QString data; ///< trains on it first …
    int epochs = 0; ///< … for so many epochs
};

/// Errors  InvalidArgument for an option that does not exist or has a wrong value
Result<WindowOptions> parseWindowOptions(const QStringList& arguments);

/// A folder for settings and data that goes away with this value; nothing where it is not wanted.
class PrivateFolder
{
public:
    explicit PrivateFolder(bool wanted)
        : m_folder(wanted ? std::make_unique<QTemporaryDir>() : nullptr)
    {
    }
    QString path() const { return m_folder ? m_folder->path() : QString(); }
    QString settingsFile() const
    {
        return m_folder ? m_folder->filePath(QStringLiteral("settings.ini")) : QString();
    }

private:
    std::unique_ptr<QTemporaryDir> m_folder;
};

} // namespace layerscope::app

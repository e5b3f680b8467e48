#pragma once

#include "app/window/program.h"
#include "tests/views/view_test.h"

#include <QAbstractButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QToolBar>
#include <QTreeView>
#include <QtTest>

/// Helpers of the tests of the window and the session.
namespace app_test {

using namespace layerscope;
using namespace layerscope::app;

using view_test::patienceMs;

inline QString dataFile(const char* name)
{
    return QLatin1String(TEST_DATA "/") + QLatin1String(name);
}

/// A program over a folder of its own: settings and recovery files touch nobody else's.
class OwnProgram
{
public:
    OwnProgram()
        : m_program(
            std::make_unique<Program>(*static_cast<QApplication*>(QCoreApplication::instance()),
                m_folder.filePath(QStringLiteral("settings.ini")),
                m_folder.filePath(QStringLiteral("data"))))
    {
        m_program->start(Theme::Light, QStringLiteral("en"));
    }

    Program& program() { return *m_program; }
    MainWindow& window() { return m_program->window(); }
    Session& session() { return m_program->session(); }
    QString filePath(const char* name) const { return m_folder.filePath(QLatin1String(name)); }

    /// A copy of a file of tests/data that may be written to.
    QString copyOf(const char* name, const char* as)
    {
        const QString target = filePath(as);
        QFile::remove(target);
        QFile::copy(dataFile(name), target);
        QFile::setPermissions(target, QFile::ReadOwner | QFile::WriteOwner);
        return target;
    }

    Document* open(const QString& path)
    {
        QSignalSpy opened(&session(), &Session::documentOpened);
        session().open(path);
        return opened.wait(patienceMs) ? opened.first().first().value<Document*>() : nullptr;
    }

private:
    QTemporaryDir m_folder;
    std::unique_ptr<Program> m_program;
};

inline bool waitUntil(const std::function<bool()>& condition)
{
    return QTest::qWaitFor(condition, patienceMs);
}

inline QAbstractButton* toolButton(MainWindow& window, const QString& text)
{
    for (QAbstractButton* button :
        window.findChild<QToolBar*>(QStringLiteral("tool_bar"))->findChildren<QAbstractButton*>())
        if (button->text() == text)
            return button;
    return nullptr;
}

inline QTreeView* treeOf(DocumentPage* page)
{
    return page->tree()->findChild<QTreeView*>(QStringLiteral("layer_tree"));
}

} // namespace app_test

#include "app/window/time_open.h"

#include "app/window/first_paint.h"
#include "app/window/program.h"
#include "views/layer_tree.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QTreeView>

#include <cstdio>

namespace layerscope::app {

namespace {

constexpr int pollMs = 5;

/// A figure of /proc/self/status in kB; -1 where there is none.
long statusFigure(const char* key)
{
    QFile file(QStringLiteral("/proc/self/status"));
    if (!file.open(QIODevice::ReadOnly))
        return -1;
    for (const QByteArray& line : file.readAll().split('\n'))
        if (line.startsWith(key))
            return line.simplified().split(' ').value(1).toLong();
    return -1;
}

} // namespace

int timeOpen(Program& program, const QStringList& files)
{
    QApplication::processEvents(); // the window itself is up
    QElapsedTimer clock;
    double openMs = -1;
    QObject::connect(
        &program.session(), &Session::openFailed, qApp, [](const QString&, const Error& error) {
            std::fprintf(stderr, "layerscope: %s\n", error.sentence().c_str());
            QApplication::exit(1);
        });
    QObject::connect(&program.session(), &Session::documentOpened, qApp, [&] {
        openMs = static_cast<double>(clock.nsecsElapsed()) / 1e6;
        auto* view = program.window().currentPage()->tree()->findChild<QTreeView*>();
        afterFirstPaint(view->viewport(), [&] {
            const double paintedMs = static_cast<double>(clock.nsecsElapsed()) / 1e6;
            std::printf("tree_ms %.1f\nopened_ms %.1f\nrss_anon_kb %ld\n", paintedMs, openMs,
                statusFigure("RssAnon:"));
            std::fflush(stdout);
            // Then everything else: the tabs, the shapes, and every value read once.
            auto* poll = new QTimer(qApp);
            QObject::connect(poll, &QTimer::timeout, qApp, [&, poll] {
                const Document* document = program.session().documents().constFirst();
                if (!document->statisticsAreComplete()
                    || !program.session().jobs().jobs().isEmpty())
                    return;
                poll->deleteLater();
                std::printf("statistics_ms %.1f\nsettled_rss_anon_kb %ld\n",
                    static_cast<double>(clock.nsecsElapsed()) / 1e6, statusFigure("RssAnon:"));
                std::fflush(stdout);
                QApplication::exit(0);
            });
            poll->start(pollMs);
        });
    });
    clock.start();
    program.window().openFiles(files);
    return QApplication::exec();
}

} // namespace layerscope::app

#include "app/window/picture_run.h"

#include "app/window/program.h"
#include "app/window/training_binding.h"
#include "app/window/window_options.h"
#include "views/layer_tree.h"
#include "views/training_view.h"

#include <QApplication>
#include <QTimer>

#include <cstdio>

namespace layerscope::app {

namespace {

constexpr int lookIntervalMs = 50;
constexpr int quietLooks = 6; ///< in a row, before the picture is taken

/// What is to be done before the picture, one thing after the other.
class PictureRun : public QObject
{
public:
    PictureRun(Program& program, const WindowOptions& options)
        : m_program(program)
        , m_options(options)
    {
        m_timer.setInterval(lookIntervalMs);
        connect(&m_timer, &QTimer::timeout, this, &PictureRun::look);
        connect(
            &program.session(), &Session::openFailed, this, [](const QString&, const Error& error) {
                std::fprintf(stderr, "layerscope: %s\n", error.sentence().c_str());
                // What there is of a file is diagnosed, and that is a picture, too.
                if (error.kind() == ErrorKind::NotFound || error.kind() == ErrorKind::NotReadable)
                    QApplication::exit(1);
            });
        m_timer.start();
    }

private:
    bool isBusy() const
    {
        Session& session = m_program.session();
        bool busy = !session.jobs().jobs().isEmpty();
        for (Document* document : session.documents())
            busy = busy || document->training().isActive();
        return busy;
    }

    void look()
    {
        m_quiet = isBusy() ? 0 : m_quiet + 1;
        if (m_quiet < quietLooks)
            return;
        m_quiet = 0;
        DocumentPage* page = m_program.window().currentPage();
        if (page && !std::exchange(m_arranged, true)) {
            arrange(*page);
            return;
        }
        if (page && !m_options.data.isEmpty() && !std::exchange(m_dataChosen, true)) {
            page->training().chooseData(m_options.data);
            return;
        }
        if (page && m_options.epochs > 0 && !std::exchange(m_trained, true)) {
            views::TrainingSettings settings = page->trainingView()->settings();
            settings.epochs = m_options.epochs;
            page->trainingView()->setSettings(settings);
            page->training().start();
            return;
        }
        finish();
    }

    void arrange(DocumentPage& page)
    {
        if (m_options.tab == QLatin1String("doctor"))
            page.showTab(DocumentPage::Tab::Doctor);
        else if (m_options.tab == QLatin1String("training"))
            page.showTab(DocumentPage::Tab::Training);
        else if (m_options.tab == QLatin1String("weights"))
            page.showTab(DocumentPage::Tab::Weights);
        if (!m_options.layer.isEmpty())
            page.document().selectLayer(m_options.layer.split(QLatin1Char('/')));
    }

    void finish()
    {
        m_timer.stop();
        const bool written = m_program.window().grab().save(m_options.screenshot);
        if (!written)
            std::fprintf(
                stderr, "layerscope: '%s' cannot be written\n", qPrintable(m_options.screenshot));
        QApplication::exit(written ? 0 : 1);
    }

    Program& m_program;
    const WindowOptions& m_options;
    QTimer m_timer;
    int m_quiet = 0;
    bool m_arranged = false;
    bool m_dataChosen = false;
    bool m_trained = false;
};

} // namespace

int takePicture(Program& program, const WindowOptions& options)
{
    program.window().resize(options.size);
    PictureRun run(program, options);
    program.window().openFiles(options.files);
    return QApplication::exec();
}

} // namespace layerscope::app

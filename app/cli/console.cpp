#include "app/cli/console.h"

#include <cstdio>
#include <unistd.h>

namespace layerscope::cli {

namespace {

constexpr auto redrawInterval = std::chrono::milliseconds(100);
constexpr std::int64_t barWidth = 30;

void write(std::FILE* stream, std::string_view text)
{
    std::fwrite(text.data(), 1, text.size(), stream);
}

} // namespace

Console::Console(bool quiet)
    : m_quiet(quiet)
    , m_isTerminal(::isatty(STDERR_FILENO) == 1)
{
}

Console::~Console()
{
    clearProgress();
}

void Console::print(std::string_view text) const
{
    write(stdout, text);
}

void Console::printJson(const Json& document) const
{
    print(dumpStrictJson(document));
    print("\n");
    std::fflush(stdout); // a line a step is for those who watch
}

void Console::say(std::string_view sentence)
{
    if (m_quiet)
        return;
    clearProgress();
    write(stderr, sentence);
    write(stderr, "\n");
}

void Console::complain(std::string_view sentence)
{
    clearProgress();
    write(stderr, "layerscope: ");
    write(stderr, sentence);
    write(stderr, "\n");
}

void Console::showProgress(std::int64_t done, std::int64_t total, std::string_view what)
{
    if (m_quiet || !m_isTerminal || total <= 0)
        return;
    const auto now = std::chrono::steady_clock::now();
    if (m_isBarShown && now - m_lastDrawn < redrawInterval)
        return;
    m_lastDrawn = now;
    m_isBarShown = true;
    const auto filled = static_cast<std::size_t>(barWidth * std::min(done, total) / total);
    std::string line = "\r\x1b[K[" + std::string(filled, '=') + std::string(barWidth - filled, ' ')
        + "] " + std::to_string(100 * std::min(done, total) / total) + " %";
    if (!what.empty())
        line += "  " + std::string(what);
    write(stderr, line);
    std::fflush(stderr);
}

void Console::clearProgress()
{
    if (!m_isBarShown)
        return;
    write(stderr, "\r\x1b[K");
    std::fflush(stderr);
    m_isBarShown = false;
}

JobContext::Report Console::reporter()
{
    if (m_quiet || !m_isTerminal)
        return {};
    return [this](std::int64_t done, std::int64_t total, const std::string& what) {
        showProgress(done, total, what);
    };
}

} // namespace layerscope::cli

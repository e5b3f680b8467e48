#include "app/cli/console.h"

#include "model/core/printable.h"

#include <array>
#include <cstdio>
#include <unistd.h>

namespace layerscope::cli {

namespace {

constexpr auto redrawInterval = std::chrono::milliseconds(100);
constexpr std::int64_t barWidth = 30;
constexpr std::size_t longestComplaint = 1500; // bytes; a name in a file may have millions

void write(std::FILE* stream, std::string_view text)
{
    std::fwrite(text.data(), 1, text.size(), stream);
}

/// JSON without the control characters that it allows as they are: DEL and U+0080 to U+009F. They
/// can only stand in texts, where an escape means the same.
std::string forTerminals(const std::string& json)
{
    std::string out;
    out.reserve(json.size());
    for (std::size_t i = 0; i < json.size(); ++i) {
        const auto byte = static_cast<unsigned char>(json[i]);
        const auto next = static_cast<unsigned char>(i + 1 < json.size() ? json[i + 1] : '\0');
        const bool isPair = byte == 0xC2U && next >= 0x80U && next <= 0x9FU;
        if (byte != 0x7FU && !isPair) {
            out += json[i];
            continue;
        }
        std::array<char, 8> escape{};
        std::snprintf(escape.data(), escape.size(), "\\u%04x", isPair ? next : byte);
        out += escape.data();
        i += isPair ? 1 : 0;
    }
    return out;
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
    write(stdout, printable(text, LineBreaks::Keep));
}

void Console::printJson(const Json& document) const
{
    write(stdout, forTerminals(dumpStrictJson(document)));
    write(stdout, "\n");
    std::fflush(stdout); // a line a step is for those who watch
}

void Console::say(std::string_view sentence)
{
    if (m_quiet)
        return;
    clearProgress();
    write(stderr, printable(sentence));
    write(stderr, "\n");
}

void Console::sayLines(std::string_view text)
{
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        say(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
}

void Console::complain(std::string_view sentence)
{
    clearProgress();
    write(stderr, "layerscope: ");
    const std::string words = printable(sentence);
    write(stderr, words.substr(0, longestComplaint));
    write(stderr, words.size() > longestComplaint ? " …" : "");
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
        line += "  " + printable(what);
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

#pragma once

#include "model/core/job_context.h"
#include "model/core/json.h"

#include <chrono>
#include <string>
#include <string_view>

namespace layerscope::cli {

/// Results to standard output, everything else to standard error.
class Console
{
public:
    explicit Console(bool quiet);
    ~Console();
    Console(const Console&) = delete;
    Console& operator=(const Console&) = delete;

    /// A result in words. Neither here nor below do control characters reach the terminal (names
    /// come from files), save line feeds and tabs in results.
    void print(std::string_view text) const;
    void printJson(const Json& document) const; ///< one line of strict JSON

    /// A remark for people; nothing when quiet.
    void say(std::string_view sentence);
    /// A table for people, line by line; nothing when quiet.
    void sayLines(std::string_view text);
    /// What went wrong: "layerscope: …", quiet or not.
    void complain(std::string_view sentence);

    /// A bar on a terminal, nothing elsewhere; redrawn ten times a second at most.
    void showProgress(std::int64_t done, std::int64_t total, std::string_view what);
    void clearProgress();

    JobContext::Report reporter();

private:
    bool m_quiet;
    bool m_isTerminal;
    bool m_isBarShown = false;
    std::chrono::steady_clock::time_point m_lastDrawn;
};

} // namespace layerscope::cli

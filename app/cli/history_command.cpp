#include "app/cli/command.h"
#include "app/cli/open_options.h"
#include "model/analysis/history.h"
#include "model/formats/format.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace layerscope::cli {

namespace {

constexpr std::array historyOptions = {
    Option{ "--json", "", "one JSON document: every curve, value by value" },
};

bool isModel(const std::string& path)
{
    const auto formats = formats::allFormats();
    return std::any_of(formats.begin(), formats.end(),
        [&](const auto* format) { return format->recognise(path) == formats::Recognition::Yes; });
}

Result<analysis::History> readCurves(Invocation& invocation, const std::string& path)
{
    if (!isModel(path))
        return ofFile(analysis::readHistory(path, invocation.job()));
    TRY(const auto network, openModel(invocation, path));
    auto curves = analysis::historyOf(network.history);
    if (curves.empty())
        return Error(ErrorKind::NotFound,
            "the model holds no loss history; Layerscope stores one when it trains, Keras keeps it "
            "in a log of its own")
            .in(path);
    return curves;
}

std::string number(double value)
{
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.6g", value);
    return text.data();
}

/// "loss: 20 values, 1.05 to 0.41, lowest 0.40 at 18".
std::string inWords(const analysis::Series& series)
{
    std::string text = series.name + ": " + std::to_string(series.values.size()) + " values";
    if (series.values.empty())
        return text + "\n";
    text += ", " + number(series.values.front()) + " to " + number(series.values.back());
    const auto lowest = std::min_element(series.values.begin(), series.values.end(),
        [](double a, double b) { return std::isnan(b) ? !std::isnan(a) : a < b; });
    const auto position = static_cast<std::size_t>(lowest - series.values.begin());
    return text + ", lowest " + number(*lowest) + " at " + number(series.steps[position]) + "\n";
}

Result<ExitStatus> runHistory(Invocation& invocation)
{
    const auto& files = invocation.arguments.files();
    analysis::History all;
    for (const auto& path : files) {
        TRY(auto curves, readCurves(invocation, path));
        for (auto& series : curves) {
            if (files.size() > 1)
                series.name = path + "/" + series.name;
            all.push_back(std::move(series));
        }
    }
    if (invocation.arguments.has("--json")) {
        invocation.console.printJson(analysis::toJson(all));
        return ExitStatus::Done;
    }
    for (const auto& series : all)
        invocation.console.print(inWords(series));
    return ExitStatus::Done;
}

} // namespace

extern const Command historyCommand;
const Command historyCommand{
    { "history", "FILE…", 1, std::numeric_limits<std::size_t>::max(),
        "loss curves: a model's own, CSVLogger, History JSON, TensorBoard event files",
        historyOptions },
    runHistory,
};

} // namespace layerscope::cli

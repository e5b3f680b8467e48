#pragma once

#include "app/cli/command.h"

#include <array>

namespace layerscope::cli {

/// Options of commands that take weights without an architecture as well.
inline constexpr std::array architectureOptions = {
    Option{ "--architecture", "FILE",
        "the architecture for a file of weights: a whole model, or the text of model.to_json()" },
    Option{ "--match", "HOW", "pairs weights by 'name', 'position' or 'order'; else what fits" },
};

/// Opens the model at `path`, and says on standard error what is wrong with it though it opens.
Result<Network> openModel(Invocation& invocation, const std::string& path);

/// `weights`, which the file at `path` holds, with the file that --architecture names attached, if
/// it was given; says on standard error how they were paired.
/// Errors  ShapeMismatch where they do not fit; the table of both is printed before
Result<Network> withArchitecture(Invocation& invocation, Network weights, const std::string& path);

/// openModel(), then withArchitecture().
Result<Network> openWithArchitecture(Invocation& invocation, const std::string& path);

/// `own` and `more` as one list of options.
template<std::size_t N, std::size_t M>
constexpr std::array<Option, N + M> withOptions(
    const std::array<Option, N>& own, const std::array<Option, M>& more)
{
    std::array<Option, N + M> all{};
    std::copy(own.begin(), own.end(), all.begin());
    std::copy(more.begin(), more.end(), all.begin() + N);
    return all;
}

} // namespace layerscope::cli

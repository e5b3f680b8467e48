#include "app/cli/command_line.h"

#include "app/cli/command.h"
#include "app/version.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

namespace layerscope::cli {

extern const Command inspectCommand, checkCommand, diffCommand, convertCommand,
    exportWeightsCommand, predictCommand, gradientsCommand, trainCommand, evaluateCommand,
    renderCommand, historyCommand, codeCommand;

namespace {

constexpr std::array commands = { &inspectCommand, &checkCommand, &diffCommand, &convertCommand,
    &exportWeightsCommand, &predictCommand, &gradientsCommand, &trainCommand, &evaluateCommand,
    &renderCommand, &historyCommand, &codeCommand };

constexpr int status(ExitStatus exitStatus)
{
    return static_cast<int>(exitStatus);
}

std::string generalHelp()
{
    std::string text
        = "usage: layerscope [FILE…]            opens a window, one document for each file\n"
          "       layerscope COMMAND …          works without a display\n\n"
          "Explores, trains and saves Keras models.\n\ncommands:\n";
    for (const auto* command : commands) {
        std::string left
            = "  " + std::string(command->syntax.name) + " " + std::string(command->syntax.files);
        left.resize(std::max<std::size_t>(left.size() + 2, 28), ' ');
        text += left + std::string(command->syntax.summary) + "\n";
    }
    text += "\nlayerscope COMMAND --help tells a command's options.\n"
            "Exit status: 0 done; 1 the file or the data is at fault; 2 wrong usage; 3 the answer "
            "is no;\n"
            "4 it needs something that Layerscope does not have; 130 interrupted.\n";
    return text;
}

int runCommand(const Command& command, std::span<const std::string_view> words)
{
    auto arguments = Arguments::parse(command.syntax, words);
    Console console(arguments && arguments->has("--quiet"));
    if (!arguments) {
        console.complain(arguments.error().sentence());
        return status(ExitStatus::WrongUsage);
    }
    if (arguments->has("--help")) {
        console.print(helpText(command.syntax));
        return status(ExitStatus::Done);
    }
    Interrupt interrupt;
    Invocation invocation{ *std::move(arguments), console, interrupt };
    auto outcome = command.run(invocation);
    console.clearProgress();
    if (!outcome) {
        const auto& error = outcome.error();
        console.complain(error.kind() == ErrorKind::Stopped ? "interrupted; nothing was written"
                                                            : error.sentence());
        return status(exitStatusOf(error));
    }
    if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
        console.complain("the results could not be written to standard output");
        return status(ExitStatus::FileAtFault);
    }
    return status(*outcome);
}

/// A word that can only have been meant as a command: no option, no file there, and no suffix.
bool looksLikeCommand(std::string_view word)
{
    std::error_code problem;
    return !word.empty() && word.front() != '-'
        && word.find_first_of("./:") == std::string_view::npos
        && !std::filesystem::exists(word, problem);
}

} // namespace

std::span<const Command* const> allCommands()
{
    return commands;
}

std::optional<int> runCommandLine(int argc, char** argv)
{
    const std::vector<std::string_view> words(argv + std::min(argc, 1), argv + argc);
    if (words.empty())
        return std::nullopt;
    const std::string_view first = words.front();
    Console console(false);
    if (first == "--help" || first == "-h" || first == "help") {
        console.print(generalHelp());
        return status(ExitStatus::Done);
    }
    if (first == "--version") {
        console.print("layerscope " + std::string(version()) + "\n");
        return status(ExitStatus::Done);
    }
    for (const auto* command : commands)
        if (command->syntax.name == first)
            return runCommand(*command, std::span(words).subspan(1));
    if (looksLikeCommand(first)) {
        console.complain(
            "'" + std::string(first) + "' is neither a command nor a file; see layerscope --help");
        return status(ExitStatus::WrongUsage);
    }
    return std::nullopt;
}

std::optional<int> refuseWithoutDisplay(int argc, char** argv)
{
    const auto isSet = [](const char* variable) {
        const char* value = std::getenv(variable);
        return value != nullptr && *value != '\0';
    };
    if (isSet("DISPLAY") || isSet("WAYLAND_DISPLAY") || isSet("QT_QPA_PLATFORM"))
        return std::nullopt;
    for (int i = 1; i < argc; ++i)
        if (std::string_view(argv[i]).starts_with("--screenshot")
            || std::string_view(argv[i]).starts_with("--time-open"))
            return std::nullopt;
    Console(false).complain(
        "there is no display to open a window on; layerscope inspect FILE works without one, "
        "and so do the other commands of layerscope --help");
    return status(ExitStatus::FileAtFault);
}

} // namespace layerscope::cli

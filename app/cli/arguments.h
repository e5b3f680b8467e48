#pragma once

#include "model/core/result.h"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace layerscope::cli {

/// An option that a command takes.
struct Option
{
    std::string_view name; ///< "--bins"
    std::string_view value; ///< what its value is called in the help, "N"; empty for a switch
    std::string_view help;
};

/// How a command is called.
struct Syntax
{
    std::string_view name; ///< "inspect"
    std::string_view files; ///< "FILE", "IN OUT", "FILE…"
    std::size_t fewestFiles = 1;
    std::size_t mostFiles = 1;
    std::string_view summary; ///< one line for the list of commands
    std::span<const Option> options;
};

/// The words after the command's name: files, and options as `--name value` or `--name=value`.
/// After a bare `--` every word is a file.
class Arguments
{
public:
    /// Errors  InvalidArgument, in a sentence that names the word
    static Result<Arguments> parse(const Syntax& syntax, std::span<const std::string_view> words);

    const std::string& file(std::size_t i = 0) const { return m_files[i]; }
    const std::vector<std::string>& files() const { return m_files; }

    bool has(std::string_view option) const { return m_values.contains(std::string(option)); }
    /// The option's value; of several the last.
    std::optional<std::string> value(std::string_view option) const;
    /// All values of an option that may be given again, each split at commas.
    std::vector<std::string> list(std::string_view option) const;

    /// Errors  InvalidArgument where the value is no whole number, or below `least`
    Result<std::optional<std::int64_t>> integer(std::string_view option, std::int64_t least) const;
    /// Errors  InvalidArgument where the value is no finite number
    Result<std::optional<double>> real(std::string_view option) const;

private:
    std::vector<std::string> m_files;
    std::map<std::string, std::vector<std::string>> m_values;
};

/// Options of every command: --quiet and --help.
std::span<const Option> commonOptions();

/// "usage: layerscope inspect FILE [options]" and a line for each option.
std::string helpText(const Syntax& syntax);

} // namespace layerscope::cli

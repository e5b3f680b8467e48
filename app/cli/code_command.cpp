#include "app/cli/open_options.h"
#include "model/analysis/python_source.h"
#include "model/containers/atomic_file.h"

namespace layerscope::cli {

namespace {

constexpr auto codeOptions = withOptions(
    std::array{ Option{ "--out", "F.py", "writes a file instead of standard output" } },
    architectureOptions);

Result<ExitStatus> runCode(Invocation& invocation)
{
    const auto& arguments = invocation.arguments;
    TRY(auto network, openWithArchitecture(invocation, arguments.file()));
    std::error_code failed; // the source may run anywhere
    if (const auto whole = std::filesystem::absolute(network.file.path, failed); !failed)
        network.file.path = whole;
    auto source = analysis::pythonSource(network);
    if (!source)
        return source.error().kind() == ErrorKind::InvalidArgument
            ? fileFault(std::move(source).error().in(arguments.file()))
            : std::move(source).error().in(arguments.file());
    for (const std::string& remark : source->remarks)
        invocation.console.say("note: " + remark);
    const auto out = arguments.value("--out");
    if (!out) {
        invocation.console.print(source->text);
        return ExitStatus::Done;
    }
    TRY(auto file, containers::AtomicFile::create(*out));
    TRY_DO(file.write(std::as_bytes(std::span(source->text))));
    TRY_DO(file.commit());
    return ExitStatus::Done;
}

} // namespace

extern const Command codeCommand;
const Command codeCommand{
    { "code", "IN", 1, 1, "Python that rebuilds the architecture and loads the file", codeOptions },
    runCode,
};

} // namespace layerscope::cli

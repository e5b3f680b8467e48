#include "app/cli/command.h"
#include "model/analysis/doctor.h"

#include <array>

namespace layerscope::cli {

namespace {

constexpr std::array checkOptions = {
    Option{ "--json", "", "one JSON document instead of words" },
};

Result<ExitStatus> runCheck(Invocation& invocation)
{
    const auto& arguments = invocation.arguments;
    TRY(const auto diagnosis,
        analysis::diagnose(arguments.file(), analysis::Values::Read, invocation.job()));
    if (arguments.has("--json"))
        invocation.console.printJson(analysis::diagnosisJson(diagnosis));
    else
        invocation.console.print(analysis::diagnosisText(diagnosis));
    if (!diagnosis.opens)
        return ExitStatus::FileAtFault;
    return diagnosis.isSuspicious() ? ExitStatus::AnswerIsNo : ExitStatus::Done;
}

} // namespace

extern const Command checkCommand;
const Command checkCommand{
    { "check", "FILE", 1, 1, "the doctor: what is wrong, what survives, which Keras resumes it",
        checkOptions },
    runCheck,
};

} // namespace layerscope::cli

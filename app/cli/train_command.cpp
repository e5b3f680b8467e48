#include "app/cli/command.h"
#include "app/cli/csv_log.h"
#include "app/cli/data_options.h"
#include "app/cli/open_options.h"
#include "app/cli/save.h"

#include <cstdio>

namespace layerscope::cli {

namespace {

constexpr std::array trainingOptions = {
    Option{ "--save", "OUT", "where the trained model goes, a format by suffix" },
    Option{ "--force", "", "OUT may be IN itself" },
    Option{ "--epochs", "N", "how often all rows are used (1)" },
    Option{ "--steps", "N", "how many batches are used, instead of epochs" },
    Option{ "--no-shuffle", "", "rows in the order of the data" },
    Option{ "--seed", "S", "of the shuffling and of noise layers (0)" },
    Option{ "--validation-split", "F", "keep this last fraction of the rows for validation" },
    Option{ "--validation-data", "D", "validate with these rows" },
    Option{ "--learning-rate", "R", "instead of the stored one" },
    Option{ "--optimizer", "JSON", "a name or {\"class_name\", \"config\"}; starts fresh" },
    Option{
        "--freeze", "PATTERN", "layers (by path, * and ?) that stay as they are; may be repeated" },
    Option{ "--log", "F.csv", "a line an epoch, in CSVLogger's columns" },
    Option{ "--tensorboard", "DIR", "not in this version" },
    Option{ "--json", "", "one JSON object a line" },
    Option{ "--every", "step|epoch", "how often --json says something (epoch)" },
};

constexpr auto trainOptions
    = withOptions(withOptions(dataOptions, trainingOptions), architectureOptions);

/// How long to go on and what to say meanwhile.
struct Schedule
{
    std::optional<std::int64_t> steps;
    std::int64_t epochs = 1;
    bool isJson = false;
    bool saysEveryStep = false;

    bool isOver(std::int64_t stepsDone, std::int64_t epochsDone) const
    {
        return steps ? stepsDone >= *steps : epochsDone >= epochs;
    }
    std::int64_t totalSteps(std::int64_t stepsPerEpoch) const
    {
        return steps.value_or(epochs * stepsPerEpoch);
    }
};

Result<Schedule> readSchedule(const Arguments& arguments)
{
    Schedule schedule;
    TRY(schedule.steps, arguments.integer("--steps", 0));
    TRY(const auto epochs, arguments.integer("--epochs", 0));
    if (schedule.steps && epochs)
        return wrongUsage("--steps and --epochs exclude each other");
    schedule.epochs = epochs.value_or(schedule.epochs);
    schedule.isJson = arguments.has("--json");
    const auto every = arguments.value("--every").value_or("epoch");
    if (every != "step" && every != "epoch")
        return wrongUsage("--every takes step or epoch");
    schedule.saysEveryStep = every == "step";
    return schedule;
}

Result<void> readUpdateRules(const Arguments& arguments, training::TrainingOptions& settings)
{
    TRY(settings.learningRate, arguments.real("--learning-rate"));
    settings.frozenLayers = arguments.list("--freeze");
    const auto optimizer = arguments.value("--optimizer");
    if (!optimizer)
        return {};
    TRY(auto description, jsonOrName("--optimizer", *optimizer));
    if (description.is_string())
        description = Json{ { "class_name", description }, { "config", Json::object() } };
    if (!description.is_object() || !description.contains("class_name"))
        return wrongUsage("--optimizer needs a name or an object with class_name and config");
    settings.optimizer = std::move(description);
    return {};
}

Result<training::TrainingOptions> readSettings(Invocation& invocation)
{
    const auto& arguments = invocation.arguments;
    if (arguments.has("--tensorboard"))
        return wrongUsage(
            "this version writes no event files; --log F.csv writes what CSVLogger does");
    TRY(auto settings, sharedTrainingOptions(arguments));
    TRY_DO(readUpdateRules(arguments, settings));
    TRY(const auto seed, arguments.integer("--seed", 0));
    TRY(const auto split, arguments.real("--validation-split"));
    if (split && (*split < 0 || *split >= 1))
        return wrongUsage("--validation-split needs a fraction from 0 to below 1");
    settings.seed = static_cast<std::uint64_t>(seed.value_or(0));
    settings.shuffle = !arguments.has("--no-shuffle");
    settings.validationSplit = split.value_or(0);
    return settings;
}

std::string inWords(const training::Metrics& metrics)
{
    std::string text;
    for (const auto& [name, value] : metrics) {
        std::array<char, 32> number{};
        std::snprintf(number.data(), number.size(), "%.6g", value);
        text += "  " + name + " " + number.data();
    }
    return text;
}

/// A training run that talks while it goes.
class Run
{
public:
    Run(Invocation& invocation, training::Trainer& trainer, const Schedule& schedule, CsvLog* log)
        : m_invocation(invocation)
        , m_trainer(trainer)
        , m_schedule(schedule)
        , m_log(log)
    {
    }

    /// Until the schedule is over or somebody interrupts.
    Result<void> goOn()
    {
        while (!m_schedule.isOver(m_steps, m_epochs) && !m_invocation.interrupt.wasStopped()) {
            // Without a token: a step under way is finished, then the loop sees the request.
            TRY(const auto step, m_trainer.step());
            sayStep(step);
            ++m_steps;
            if (step.endsEpoch && !m_invocation.interrupt.wasStopped())
                TRY_DO(finishEpoch());
        }
        m_invocation.console.clearProgress();
        return {};
    }

    std::int64_t steps() const { return m_steps; }

private:
    void sayStep(const training::StepReport& step)
    {
        if (m_schedule.isJson && m_schedule.saysEveryStep) {
            Json line = { { "step", m_steps }, { "epoch", step.epoch },
                { "iteration", step.iteration }, { "learning_rate", step.learningRate } };
            addMetrics(line, step.batch);
        }
        m_invocation.console.showProgress(m_steps + 1, m_schedule.totalSteps(step.stepsPerEpoch),
            "epoch " + std::to_string(step.epoch + 1) + inWords(step.epochSoFar));
    }

    Result<void> finishEpoch()
    {
        auto finished = m_trainer.finishEpoch(m_invocation.job());
        if (!finished && finished.error().kind() == ErrorKind::Stopped)
            return {}; // in the middle of the validation; the weights are whole
        TRY(const auto epoch, std::move(finished));
        ++m_epochs;
        if (m_schedule.isJson && !m_schedule.saysEveryStep) {
            Json line = { { "epoch", epoch.epoch }, { "iteration", m_trainer.iterations() },
                { "learning_rate", epoch.learningRate }, { "seconds", epoch.seconds } };
            addMetrics(line, epoch.metrics);
        } else if (!m_schedule.isJson) {
            m_invocation.console.clearProgress();
            m_invocation.console.print(
                "epoch " + std::to_string(epoch.epoch + 1) + inWords(epoch.metrics) + "\n");
        }
        return m_log != nullptr ? m_log->add(epoch) : Result<void>();
    }

    void addMetrics(Json& line, const training::Metrics& metrics) const
    {
        for (const auto& [name, value] : metrics)
            line[name] = value;
        m_invocation.console.printJson(line);
    }

    Invocation& m_invocation;
    training::Trainer& m_trainer;
    Schedule m_schedule;
    CsvLog* m_log;
    std::int64_t m_steps = 0;
    std::int64_t m_epochs = 0;
};

Result<ExitStatus> keepResult(
    Invocation& invocation, const training::Trainer& trainer, std::int64_t steps)
{
    const auto& interrupt = invocation.interrupt;
    const auto out = invocation.arguments.value("--save");
    if (interrupt.wasGivenUp()) {
        invocation.console.complain(
            "interrupted after " + std::to_string(steps) + " steps; nothing was saved");
        return ExitStatus::Interrupted;
    }
    if (out) {
        TRY(const auto network, trainer.snapshot());
        TRY_DO(saveModel(invocation, network, *out, std::nullopt, formats::OptimizerInFile::Keep,
            invocation.savingJob()));
    } else {
        invocation.console.say("nothing was saved: no --save OUT");
    }
    if (!interrupt.wasStopped())
        return ExitStatus::Done;
    invocation.console.say("interrupted after " + std::to_string(steps) + " steps");
    return ExitStatus::Interrupted;
}

Result<ExitStatus> runTrain(Invocation& invocation)
{
    const auto& arguments = invocation.arguments;
    TRY(const auto schedule, readSchedule(arguments));
    TRY(auto settings, readSettings(invocation));
    if (const auto out = arguments.value("--save"))
        TRY_DO(refuseSameFile(arguments, arguments.file(), *out));
    TRY(const auto network, openWithArchitecture(invocation, arguments.file()));
    TRY(auto data, loadData(invocation));
    TRY(settings.validationData, loadValidationData(invocation));
    TRY(auto trainer, training::Trainer::create(network, std::move(data), settings));
    if (!trainer.resumes())
        invocation.console.say("the optimizer starts fresh: " + trainer.freshStartReason());
    std::optional<CsvLog> log;
    if (const auto path = arguments.value("--log")) {
        TRY(auto created, CsvLog::create(*path));
        log.emplace(std::move(created));
    }
    Run run(invocation, trainer, schedule, log ? &*log : nullptr);
    TRY_DO(run.goOn());
    return keepResult(invocation, trainer, run.steps());
}

} // namespace

extern const Command trainCommand;
const Command trainCommand{
    { "train", "IN", 1, 1, "trains on from where the file left off", trainOptions },
    runTrain,
};

} // namespace layerscope::cli

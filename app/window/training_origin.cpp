#include "app/window/training_origin.h"

#include "model/layers/lower_model.h"
#include "model/network/optimizer_layout.h"
#include "views/model_words.h"

#include <QCoreApplication>
#include <QLocale>

namespace layerscope::app {

namespace {

class OriginText
{
    Q_DECLARE_TR_FUNCTIONS(OriginText)
};

QString toText(const std::string& text)
{
    return QString::fromStdString(text);
}

/// {"class_name", "config"} or the configuration itself.
Json innerConfig(const Json& optimizer)
{
    const auto found = optimizer.is_object() ? optimizer.find("config") : optimizer.end();
    return optimizer.is_object() && found != optimizer.end() ? *found : Json();
}

/// The learning rate of a configuration: a number, or a schedule (an object).
Json rateEntry(const Json& config)
{
    for (const char* key : { "learning_rate", "lr" })
        if (config.is_object() && config.contains(key))
            return config[key];
    return {};
}

double firstNumber(const StoredTensor& stored)
{
    const Result<Tensor> tensor = stored.load();
    const Result<Tensor> wide = tensor ? tensor->converted(DType::Float64) : tensor;
    return wide && wide->count() > 0 ? wide->valuesAs<double>()[0] : 0;
}

QString lossText(const Json& loss)
{
    if (loss.is_string())
        return toText(loss.get<std::string>());
    if (loss.is_object() && loss.contains("class_name") && loss["class_name"].is_string())
        return toText(loss["class_name"].get<std::string>());
    if ((loss.is_array() || loss.is_object()) && !loss.empty())
        return OriginText::tr("%n losses", nullptr, static_cast<int>(loss.size()));
    return {};
}

QString optimizerName(const Network& network)
{
    if (network.optimizer)
        return toText(network.optimizer->className);
    const Json optimizer = network.training ? network.training->optimizer() : Json();
    if (optimizer.is_string())
        return toText(optimizer.get<std::string>());
    if (optimizer.is_object() && optimizer.contains("class_name")
        && optimizer["class_name"].is_string())
        return toText(plainOptimizerName(optimizer["class_name"].get<std::string>()));
    return {};
}

Json optimizerConfig(const Network& network)
{
    if (network.optimizer && network.optimizer->config.is_object())
        return network.optimizer->config.contains("config") ? innerConfig(network.optimizer->config)
                                                            : network.optimizer->config;
    return network.training ? innerConfig(network.training->optimizer()) : Json();
}

} // namespace

views::TrainingOrigin trainingOriginOf(const Network& network)
{
    views::TrainingOrigin origin;
    origin.optimizer = optimizerName(network);
    const Json rate = rateEntry(optimizerConfig(network));
    origin.hasSchedule = rate.is_object();
    origin.learningRate = rate.is_number() ? rate.get<double>() : 0;
    if (network.optimizer) {
        const OptimizerState& state = *network.optimizer;
        origin.iterations = state.iterations.value_or(0);
        for (const OptimizerVariable& variable : state.variables) {
            origin.hasState = origin.hasState || variable.role == SlotRole::Slot
                || variable.role == SlotRole::Iteration;
            if (variable.role == SlotRole::LearningRate && !origin.hasSchedule)
                origin.learningRate
                    = firstNumber(variable.value); // set by hand since it was compiled
        }
    }
    if (network.training)
        origin.loss = lossText(network.training->loss());
    if (network.file.weightsOnly)
        origin.cannotTrain
            = OriginText::tr("This file holds weights only: there is no architecture to train.");
    else if (const std::optional<std::string> obstacle = layers::whatCannotRun(network))
        origin.cannotTrain = OriginText::tr("This model cannot run here because of %1.")
                                 .arg(views::inWords(*obstacle));
    return origin;
}

views::ResumeCheck resumeCheckOf(const Network& network)
{
    using Verdict = views::ResumeCheck::Verdict;
    const views::TrainingOrigin origin = trainingOriginOf(network);
    if (!origin.cannotTrain.isEmpty())
        return { Verdict::Impossible, origin.cannotTrain };
    if (!origin.hasState)
        return { Verdict::StartsFresh,
            origin.optimizer.isEmpty()
                ? OriginText::tr("The file has no optimizer: training starts with a fresh one.")
                : OriginText::tr("The file names %1 but holds no state of it: it starts fresh.")
                      .arg(origin.optimizer) };
    return { Verdict::Resumes,
        OriginText::tr("Continues with the stored state of %1, from step %2.")
            .arg(origin.optimizer, QLocale().toString(origin.iterations)) };
}

TrainingPlan trainingPlanOf(const views::TrainingSettings& settings, const Network& network)
{
    const views::TrainingOrigin origin = trainingOriginOf(network);
    TrainingPlan plan;
    plan.data.source = settings.dataSource.toStdString();
    for (const QString& column : settings.targetColumns)
        plan.data.targetColumns.push_back(column.toStdString());
    plan.epochs = settings.epochs;
    training::TrainingOptions& options = plan.options;
    options.batchSize = settings.batchSize;
    options.shuffle = settings.shuffle;
    options.seed = settings.seed;
    options.validationSplit = settings.validationSplit;
    const bool sameOptimizer
        = settings.optimizer.isEmpty() || settings.optimizer == origin.optimizer;
    if (!sameOptimizer || settings.freshOptimizer) {
        const QString name = settings.optimizer.isEmpty() ? origin.optimizer : settings.optimizer;
        Json config = sameOptimizer ? optimizerConfig(network) : Json::object();
        options.optimizer = Json{ { "class_name", name.toStdString() },
            { "config", config.is_null() ? Json::object() : config } };
    }
    if (settings.learningRate > 0
        && (!sameOptimizer || settings.learningRate != origin.learningRate))
        options.learningRate = settings.learningRate;
    if (!settings.loss.isEmpty() && settings.loss != origin.loss)
        options.loss = Json(settings.loss.toStdString());
    return plan;
}

} // namespace layerscope::app

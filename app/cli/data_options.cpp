#include "app/cli/data_options.h"

#include <charconv>

namespace layerscope::cli {

namespace {

Result<std::map<std::int64_t, double>> classWeights(const std::string& text)
{
    const auto document = parseJson(text);
    std::map<std::int64_t, double> weights;
    const auto wrong = [&] {
        return wrongUsage(
            "--class-weight needs a JSON object from class numbers to numbers, not '" + text + "'");
    };
    if (!document || !document->is_object())
        return wrong();
    for (const auto& [key, value] : document->items()) {
        std::int64_t number = 0;
        const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), number);
        if (error != std::errc() || end != key.data() + key.size() || !value.is_number())
            return wrong();
        weights[number] = value.get<double>();
    }
    return weights;
}

} // namespace

Result<training::DataSet> loadData(Invocation& invocation)
{
    const auto& arguments = invocation.arguments;
    training::DataSetRequest request;
    const bool isPair = arguments.has("--x") || arguments.has("--y");
    if (arguments.has("--data") == isPair || arguments.has("--x") != arguments.has("--y"))
        return wrongUsage("say which data: --data D, or --x X.npy with --y Y.npy");
    request.source = arguments.value("--data").value_or("");
    request.inputFile = arguments.value("--x").value_or("");
    request.targetFile = arguments.value("--y").value_or("");
    request.targetColumns = arguments.list("--target");
    return ofFile(training::loadDataSet(request, invocation.job()));
}

Result<std::optional<training::DataSet>> loadValidationData(Invocation& invocation)
{
    const auto& arguments = invocation.arguments;
    const auto source = arguments.value("--validation-data");
    if (!source)
        return std::optional<training::DataSet>();
    training::DataSetRequest request;
    request.source = *source;
    request.targetColumns = arguments.list("--target");
    TRY(auto data, ofFile(training::loadDataSet(request, invocation.job())));
    return std::optional(std::move(data));
}

Result<training::TrainingOptions> sharedTrainingOptions(const Arguments& arguments)
{
    training::TrainingOptions options;
    TRY(const auto batchSize, arguments.integer("--batch-size", 1));
    TRY(const auto threads, arguments.integer("--threads", 1));
    constexpr std::int64_t mostThreads = 1024;
    options.batchSize = batchSize.value_or(options.batchSize);
    options.threads = static_cast<int>(std::min(threads.value_or(0), mostThreads));
    if (const auto loss = arguments.value("--loss")) {
        TRY(options.loss, jsonOrName("--loss", *loss));
    }
    if (arguments.has("--metrics")) {
        Json metrics = Json::array();
        for (const auto& name : arguments.list("--metrics"))
            metrics.push_back(name);
        options.metrics = std::move(metrics);
    }
    if (const auto text = arguments.value("--class-weight")) {
        TRY(options.classWeights, classWeights(*text));
    }
    return options;
}

Result<Json> jsonOrName(std::string_view option, const std::string& text)
{
    const auto start = text.find_first_not_of(' ');
    if (start == std::string::npos)
        return wrongUsage(std::string(option) + " is empty");
    if (text[start] != '{' && text[start] != '[' && text[start] != '"')
        return Json(text);
    auto document = parseJson(text);
    if (!document)
        return wrongUsage(std::string(option) + " is no valid JSON: " + document.error().message());
    return document;
}

} // namespace layerscope::cli

#pragma once

#include "model/analysis/doctor.h"
#include "model/containers/hdf5.h"
#include "model/network/architecture.h"
#include "model/network/optimizer_layout.h"

#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

/// Files and models that are made odd on purpose.
namespace doctor_files {

using namespace layerscope;
using analysis::Diagnosis;
using analysis::Finding;

inline Json dense(const char* name, Json changes = Json::object())
{
    Json config = { { "name", name }, { "trainable", true }, { "dtype", "float32" }, { "units", 3 },
        { "activation", "tanh" }, { "use_bias", true },
        { "kernel_initializer",
            { { "class_name", "GlorotUniform" }, { "config", Json::object() } } } };
    for (const auto& [key, value] : changes.items())
        config[key] = value;
    return { { "class_name", "Dense" }, { "config", config } };
}

inline Json layer(const char* className, const char* name, Json config = Json::object())
{
    config["name"] = name;
    return { { "class_name", className }, { "config", config } };
}

inline Json sequential(Json layers)
{
    Json all = Json::array({ layer("InputLayer", "input",
        { { "batch_input_shape", { nullptr, 2 } }, { "dtype", "float32" } }) });
    for (const Json& item : layers)
        all.push_back(item);
    return { { "class_name", "Sequential" },
        { "config", { { "name", "model" }, { "layers", all } } } };
}

inline Json adam(const char* className = "Custom>Adam")
{
    return { { "class_name", className },
        { "config", { { "name", "Adam" }, { "learning_rate", 0.01 } } } };
}

/// A model of whatever layers, each "Dense" of which gets a kernel (2, 3) or (3, 3) and a bias.
struct Recipe
{
    Json architecture = sequential(Json::array({ dense("hidden"), dense("out") }));
    Json training = { { "loss", "mean_squared_error" }, { "metrics", Json::array() },
        { "optimizer_config", adam() } };
    bool isCompiled = true;
    std::string format = "h5-keras2";
    std::string kerasVersion = "2.15.0";
    std::string backend = "tensorflow";
    std::string path = "/somewhere/model.h5";
    KerasGeneration generation = KerasGeneration::Keras2;
    std::optional<std::int64_t> iterations = 7;
    std::size_t slotVariables = 8;
    bool hasIteration = true;
};

inline Network networkOf(const Recipe& recipe)
{
    Network network;
    network.generation = recipe.generation;
    network.file.path = recipe.path;
    network.file.format = recipe.format;
    network.file.kerasVersion = recipe.kerasVersion;
    network.file.backend = recipe.backend;
    network.file.weightsOnly = recipe.architecture.is_null();
    std::vector<StoredGroup> groups;
    if (!recipe.architecture.is_null()) {
        network.architecture = JsonText(recipe.architecture);
        auto model = parseArchitecture(recipe.architecture, network.problems);
        if (model)
            network.model = *std::move(model);
    }
    const auto groupFor = [&](const std::string& name, std::int64_t inputs) {
        std::vector<Weight> weights(2);
        weights[0].name = weights[0].path = name + "/kernel:0";
        weights[0].value = StoredTensor(Tensor::of<float>(
            { inputs, 3 }, std::vector<float>(static_cast<std::size_t>(inputs * 3), 0.25F)));
        weights[1].name = weights[1].path = name + "/bias:0";
        weights[1].value = StoredTensor(*Tensor::zeros(DType::Float32, { 3 }));
        groups.push_back({ name, weights });
    };
    if (recipe.architecture.is_null()) {
        groupFor("hidden", 2);
        groupFor("out", 3);
    }
    std::int64_t inputs = 2;
    for (const Layer& item : network.model.layers)
        if (item.className == "Dense")
            groupFor(item.name, std::exchange(inputs, 3));
    assignWeights(network, groups);
    if (recipe.isCompiled)
        network.training = TrainingSetup{ JsonText(recipe.training) };
    if (recipe.slotVariables > 0 || recipe.hasIteration) {
        OptimizerState state;
        state.className = "Adam";
        state.dialect = recipe.isCompiled
            ? optimizerDialect(network.training->optimizer(), recipe.generation)
            : recipe.generation;
        if (recipe.hasIteration) {
            state.iterations = recipe.iterations;
            state.variables.push_back({ "iteration:0", "iteration:0", SlotRole::Iteration, {},
                std::nullopt, StoredTensor(Tensor::scalar(recipe.iterations.value_or(0))) });
        }
        for (std::size_t i = 0; i < recipe.slotVariables; ++i) {
            const WeightIndex weight = network.weights.empty() ? 0 : i % network.weights.size();
            const std::string name = (i % 2 == 0 ? "m/" : "v/") + std::to_string(i / 2) + ":0";
            state.variables.push_back(
                { name, name, SlotRole::Slot, i % 2 == 0 ? "momentum" : "velocity", weight,
                    StoredTensor(*Tensor::zeros(DType::Float32, { 3 })) });
        }
        network.optimizer = std::move(state);
    }
    return network;
}

inline Diagnosis diagnosisOf(const Recipe& recipe)
{
    return analysis::diagnose(networkOf(recipe));
}

inline const Finding* found(const Diagnosis& diagnosis, const std::string& rule)
{
    for (const Finding& finding : diagnosis.findings)
        if (finding.rule == rule)
            return &finding;
    return nullptr;
}

inline QString allRules(const Diagnosis& diagnosis)
{
    QStringList rules;
    for (const Finding& finding : diagnosis.findings)
        rules.append(QString::fromStdString(finding.rule + " (" + finding.what.english() + ")"));
    return rules.join(QLatin1String(", "));
}

inline const analysis::Verdict* verdict(const Diagnosis& diagnosis, const std::string& keras)
{
    for (const analysis::Verdict& item : diagnosis.verdicts)
        if (item.keras == keras)
            return &item;
    return nullptr;
}

/// Files in a folder of their own.
class Folder
{
public:
    std::string path(const char* name) const
    {
        return m_folder.filePath(QString::fromUtf8(name)).toStdString();
    }

    std::string write(const char* name, const QByteArray& bytes) const
    {
        QFile file(QString::fromStdString(path(name)));
        if (file.open(QIODevice::WriteOnly))
            file.write(bytes);
        return path(name);
    }

    std::string copy(const char* data, const char* name, qint64 length = -1) const
    {
        QFile file(QLatin1String(TEST_DATA "/") + QLatin1String(data));
        if (!file.open(QIODevice::ReadOnly))
            qFatal("a test file is missing");
        return write(name, length < 0 ? file.readAll() : file.read(length));
    }

    /// An HDF5 file with these text attributes at its root.
    std::string hdf5(
        const char* name, const std::vector<std::pair<std::string, std::string>>& attributes) const
    {
        auto file = containers::Hdf5File::create(path(name));
        if (file) {
            auto root = file->root();
            for (const auto& [key, value] : attributes)
                if (root && !root->setText(key, value))
                    qFatal("an attribute cannot be written");
        }
        return path(name);
    }

private:
    QTemporaryDir m_folder;
};

inline Diagnosis diagnosisOf(const std::string& path)
{
    auto diagnosis = analysis::diagnose(std::filesystem::path(path), analysis::Values::Read);
    if (!diagnosis)
        qFatal("a diagnosis was stopped");
    return *std::move(diagnosis);
}

} // namespace doctor_files

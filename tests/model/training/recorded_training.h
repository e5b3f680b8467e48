#pragma once

// Training that real Keras recorded beside a file of tests/data, as values to train on.

#include "model/containers/npz.h"
#include "model/core/json.h"
#include "model/training/trainer.h"

#include <QDirIterator>
#include <QString>
#include <QtTest>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

namespace recorded_training {

using namespace layerscope;
using namespace layerscope::training;

inline Json readJson(const std::filesystem::path& path)
{
    std::ifstream file(path, std::ios::binary);
    std::ostringstream content;
    content << file.rdbuf();
    auto json = parseJson(content.view());
    return json ? *std::move(json) : Json();
}

using Arrays = std::map<std::string, Tensor>;

inline Arrays readArrays(const std::filesystem::path& folder)
{
    Arrays arrays;
    const auto members = containers::readNpz(folder / "arrays.npz");
    if (members)
        arrays.insert(members->begin(), members->end());
    return arrays;
}

/// The recorded rows in the order in which the steps take them.
inline DataSet recordedData(const Json& resume, const Arrays& arrays)
{
    DataSet data;
    const auto add
        = [&](const Json& entries, std::vector<Tensor>& tensors, std::vector<std::string>& names) {
              for (const Json& entry : entries) {
                  tensors.push_back(arrays.at(entry["key"].get<std::string>()));
                  if (entry.contains("name") && entry["name"].is_string())
                      names.push_back(entry["name"].get<std::string>());
              }
          };
    add(resume["data"]["x"], data.inputs, data.inputNames);
    add(resume["data"]["y"], data.targets, data.targetNames);
    Json weights = resume["data"].value("sample_weight", Json());
    if (weights.is_array() && !weights.empty())
        weights = weights[0];
    if (weights.is_object())
        weights = weights["key"];
    if (weights.is_string())
        data.sampleWeights = arrays.at(weights.get<std::string>());
    return data;
}

inline TrainingOptions plainOptions(std::int64_t batchSize)
{
    TrainingOptions options;
    options.batchSize = batchSize;
    options.shuffle = false;
    options.threads = 1;
    return options;
}

/// A row "folder" for each model.h5 of tests/data that can be held to what was recorded beside it.
inline void addRecordedFiles()
{
    QTest::addColumn<QString>("folder");
    // Real Keras 2.15 gives other losses for these files than its own Keras 1.2-2.2 recorded.
    const QStringList unlike{ "old_cnn_sgd_nesterov", "old_mlp_adam/keras2.2" };
    QDirIterator files(
        QStringLiteral(TEST_DATA), { "model.h5" }, QDir::Files, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        const QString folder = QFileInfo(files.next()).path();
        const bool differs = std::any_of(unlike.begin(), unlike.end(),
            [&](const QString& name) { return folder.contains(name); });
        if (QFile::exists(folder + "/expected.json") && !differs)
            QTest::newRow(qPrintable(QDir(TEST_DATA).relativeFilePath(folder))) << folder;
    }
}

/// Those under which the steps were recorded.
inline TrainingOptions recordedOptions(const Json& resume)
{
    TrainingOptions options = plainOptions(resume["batch_size"].get<std::int64_t>());
    const Json classWeights = resume.value("class_weight", Json());
    if (classWeights.is_object())
        for (const auto& [label, weight] : classWeights.items())
            options.classWeights[std::stoll(label)] = weight.get<double>();
    return options;
}

/// What is not as it was recorded; empty when everything is. Losses agree to 1e-5 relative, which
/// is the rounding of float32 over 20 steps; metrics that count to one row more or less.
inline QString differenceFrom(const Json& log, const StepReport& report)
{
    for (const auto& [name, value] : log.items()) {
        const auto found = std::find_if(report.batch.begin(), report.batch.end(),
            [&, key = name](const auto& entry) { return entry.first == key; });
        if (found == report.batch.end())
            return QString::fromStdString("there is no " + name);
        const double wanted = value.get<double>();
        const double tolerance = (name == "loss" ? 1e-5 : 1e-4) * std::abs(wanted) + 2e-6;
        if (!(std::abs(found->second - wanted) <= tolerance))
            return QStringLiteral("%1 is %2 instead of %3")
                .arg(QString::fromStdString(name))
                .arg(found->second, 0, 'g', 9)
                .arg(wanted, 0, 'g', 9);
    }
    return {};
}

} // namespace recorded_training

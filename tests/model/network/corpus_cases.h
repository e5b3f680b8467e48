#pragma once

#include "model/core/json.h"

#include <QtTest>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace layerscope::tests {

/// Test rows, one for each expected.json of the corpus ("case/version"); one empty row where there
/// is no corpus.
inline void addCorpusRows()
{
    QTest::addColumn<QString>("file");
    namespace fs = std::filesystem;
    std::error_code none;
    for (const auto& group : fs::directory_iterator(SHARED_CORPUS, none)) {
        const auto name = group.path().filename();
        if (name == "bad" || name == "logs" || !group.is_directory())
            continue;
        for (const auto& one : fs::directory_iterator(group, none)) {
            const fs::path file = one.path() / "expected.json";
            if (fs::exists(file, none))
                QTest::newRow((name / one.path().filename()).c_str())
                    << QString::fromStdString(file.string());
        }
    }
    if (!fs::exists(SHARED_CORPUS, none))
        QTest::newRow("absent") << QString();
}

/// What real Keras said about the case; null where there is no corpus.
inline Json readExpected(const QString& file)
{
    if (file.isEmpty())
        return {};
    std::ifstream in(file.toStdString());
    std::stringstream text;
    text << in.rdbuf();
    auto value = parseJson(text.str());
    return value ? *std::move(value) : Json();
}

inline std::string text(const Json& value)
{
    return value.is_string() ? value.get<std::string>() : dumpJson(value);
}

} // namespace layerscope::tests

#include "model/training/builtin_data.h"

#include <cmath>
#include <cstdlib>
#include <numbers>

namespace layerscope::training {
namespace {

/// A generator of our own, so that the sets are the same on every machine.
class Random
{
public:
    explicit Random(std::uint64_t seed)
        : m_state(seed)
    {
    }
    double uniform() ///< in [0, 1)
    {
        m_state += 0x9E3779B97F4A7C15ULL;
        std::uint64_t z = m_state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
        return static_cast<double>((z ^ (z >> 31)) >> 11) * 0x1.0p-53;
    }
    double normal() ///< by Box and Muller
    {
        const double radius = std::sqrt(-2 * std::log(1 - uniform()));
        return radius * std::cos(2 * std::numbers::pi * uniform());
    }

private:
    std::uint64_t m_state;
};

struct Point
{
    double x = 0;
    double y = 0;
    double target = 0;
};

constexpr int pointCount = 400;

Point spiral(int i, Random& random)
{
    const int arm = i % 2;
    const double along = (i / 2 + 0.5) / (pointCount / 2.0);
    const double angle = 3.5 * std::numbers::pi * along + arm * std::numbers::pi;
    const double noise = 0.02;
    return { along * std::cos(angle) + noise * random.normal(),
        along * std::sin(angle) + noise * random.normal(), static_cast<double>(arm) };
}

Point circle(int i, Random& random)
{
    const bool inner = i % 2 == 1;
    const double radius = (inner ? 0.45 : 0.9) + 0.07 * random.normal();
    const double angle = 2 * std::numbers::pi * random.uniform();
    return { radius * std::cos(angle), radius * std::sin(angle), inner ? 1.0 : 0.0 };
}

Point exclusiveOr(int, Random& random)
{
    const double x = 2 * random.uniform() - 1;
    const double y = 2 * random.uniform() - 1;
    return { x, y, (x > 0) != (y > 0) ? 1.0 : 0.0 };
}

Point plane(int, Random& random)
{
    const double x = 2 * random.uniform() - 1;
    const double y = 2 * random.uniform() - 1;
    return { x, y, 0.6 * x - 0.3 * y + 0.1 + 0.02 * random.normal() };
}

struct Made
{
    BuiltinDataSet facts;
    Point (*point)(int, Random&) = nullptr;
    std::uint64_t seed = 0;
};

const std::vector<Made>& madeSets()
{
    static const std::vector<Made> sets{
        { { "spirals", "Two spirals", pointCount, { 2 }, 2 }, spiral, 11 },
        { { "circles", "Two circles", pointCount, { 2 }, 2 }, circle, 12 },
        { { "xor", "Exclusive or", pointCount, { 2 }, 2 }, exclusiveOr, 13 },
        { { "plane", "A plane to fit", pointCount, { 2 }, 0 }, plane, 14 },
    };
    return sets;
}

DataSet make(const Made& set)
{
    Random random(set.seed);
    std::vector<float> features;
    std::vector<float> numbers;
    std::vector<std::int64_t> classes;
    for (int i = 0; i < pointCount; ++i) {
        const Point point = set.point(i, random);
        features.push_back(static_cast<float>(point.x));
        features.push_back(static_cast<float>(point.y));
        numbers.push_back(static_cast<float>(point.target));
        classes.push_back(static_cast<std::int64_t>(point.target));
    }
    DataSet data;
    data.name = "builtin:" + set.facts.name;
    data.inputs.push_back(Tensor::of({ pointCount, 2 }, features));
    data.targets.push_back(set.facts.classes > 0 ? Tensor::of({ pointCount }, classes)
                                                 : Tensor::of({ pointCount }, numbers));
    if (set.facts.classes == 2)
        data.classNames = { "0", "1" };
    return data;
}

struct Stored
{
    BuiltinDataSet facts;
    const char* file = nullptr;
    float largest = 1; ///< features are divided by it
};

const std::vector<Stored>& storedSets()
{
    static const std::vector<Stored> sets{
        { { "iris", "Iris flowers", 150, { 4 }, 3 }, "iris.csv", 1 },
        { { "digits", "Handwritten digits, 8 × 8", 1797, { 64 }, 10 }, "digits.csv", 16 },
    };
    return sets;
}

} // namespace

std::filesystem::path dataFolder()
{
    namespace fs = std::filesystem;
    std::error_code problem;
    if (const char* chosen = std::getenv("LAYERSCOPE_DATA"); chosen && *chosen) // NOLINT
        return chosen;
    const fs::path program = fs::read_symlink("/proc/self/exe", problem);
    if (!problem) {
        const fs::path installed = program.parent_path() / "../share/layerscope/data";
        if (fs::is_directory(installed, problem))
            return installed.lexically_normal();
    }
    return LAYERSCOPE_SOURCE_DATA;
}

std::vector<BuiltinDataSet> builtinDataSets()
{
    std::vector<BuiltinDataSet> result;
    for (const Made& set : madeSets())
        result.push_back(set.facts);
    for (const Stored& set : storedSets())
        result.push_back(set.facts);
    return result;
}

Result<DataSet> loadBuiltin(const std::string& name, const JobContext& job)
{
    for (const Made& set : madeSets()) {
        if (set.facts.name == name)
            return make(set);
    }
    for (const Stored& set : storedSets()) {
        if (set.facts.name != name)
            continue;
        TRY(DataSet data, csvDataSet(dataFolder() / set.file, {}, job));
        data.name = "builtin:" + name;
        if (set.largest != 1) {
            for (float& value : data.inputs[0].mutableValuesAs<float>())
                value /= set.largest;
        }
        return data;
    }
    std::string known;
    for (const BuiltinDataSet& set : builtinDataSets())
        known += (known.empty() ? "" : ", ") + set.name;
    return Error(ErrorKind::NotFound,
        "There is no built-in data set \"" + name + "\"; there are " + known + ".");
}

} // namespace layerscope::training

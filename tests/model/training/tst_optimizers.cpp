// What every optimizer does with given gradients, held against what real Keras did with them
// (tests/data/training/record_optimizers.py), and against its formula in double precision.
#include "model/core/json.h"
#include "model/network/optimizer_layout.h"
#include "model/ops/program.h"
#include "model/training/optimizer.h"
#include "model/training/sparse_gradient.h"
#include "model/training/state_buffer.h"

#include <QtTest>

#include <cmath>
#include <fstream>
#include <map>
#include <sstream>

using namespace layerscope;
using namespace layerscope::training;

namespace {

Json readJson(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    std::ostringstream content;
    content << file.rdbuf();
    auto json = parseJson(content.view());
    return json ? *std::move(json) : Json();
}

std::vector<float> floats(const Json& list)
{
    std::vector<float> result;
    for (const Json& item : list)
        result.push_back(static_cast<float>(item.get<double>()));
    return result;
}

Shape shapeOf(const Json& list)
{
    return list.get<Shape>();
}

/// One recorded case: weights and slots in memory, and a program for each kind of step.
class Run
{
public:
    Run(const Json& record, Optimizer optimizer)
        : m_record(record)
        , m_optimizer(std::move(optimizer))
        , m_counters(m_optimizer.freshCounters())
    {
        std::vector<TrainableWeight> described;
        for (std::size_t i = 0; i < record["shapes"].size(); ++i) {
            const Shape shape = shapeOf(record["shapes"][i]);
            described.push_back({ shape, DType::Float32, "w" + std::to_string(i) });
            m_weights.push_back(hold(Tensor::of(shape, floats(record["before"][i]))));
        }
        const auto layout = optimizerLayout(m_optimizer.className(),
            m_optimizer.settings().config(), m_optimizer.dialect(), described);
        for (const OptimizerSlotSpec& spec : layout.value()) {
            if (spec.role != SlotRole::Slot || !isFloating(spec.dtype))
                continue;
            const bool copies = m_optimizer.rule().startsAsWeight(spec.slot)
                || (spec.slot == "average" && m_optimizer.dialect() == KerasGeneration::Keras2);
            m_slots.push_back(spec);
            m_slotMemory.push_back(copies
                    ? hold(*m_weights[*spec.variable].tensor())
                    : *StateBuffer::filled(spec.dtype, spec.shape, spec.initial));
        }
    }

    void step(const Json& step)
    {
        const bool sparse = step.contains("indices");
        const StepKind kind = m_optimizer.kindOfNextStep(m_counters);
        Compiled& compiled = compiledFor(kind, sparse);
        std::vector<double> numbers;
        m_optimizer.numbers(m_counters, DType::Float32, numbers);
        std::vector<Tensor> inputs;
        for (const double number : numbers)
            inputs.push_back(Tensor::scalar(static_cast<float>(number)));
        for (std::size_t i = 0; i < m_weights.size(); ++i) {
            if (i == 0 && sparse) {
                const auto indices = step["indices"].get<std::vector<std::int64_t>>();
                inputs.push_back(Tensor::of({ 4 }, indices));
                inputs.push_back(Tensor::of({ 4, 4 }, floats(step["rows"])));
            } else {
                inputs.push_back(Tensor::of(m_weights[i].shape(), floats(step["gradients"][i])));
            }
        }
        std::vector<const void*> pointers;
        for (const Tensor& input : inputs)
            pointers.push_back(input.bytes().data());
        std::vector<void*> variables;
        for (const auto& [isSlot, index] : compiled.variables)
            variables.push_back(isSlot ? m_slotMemory[index].data() : m_weights[index].data());
        QVERIFY(compiled.program->run(pointers, variables, {}));
        m_optimizer.advance(m_counters, kind, true);
    }

    std::vector<float> weight(std::size_t i) const
    {
        const Tensor tensor = *m_weights[i].tensor();
        const auto values = tensor.valuesAs<float>();
        return { values.begin(), values.end() };
    }

private:
    struct Compiled
    {
        std::unique_ptr<ops::Program> program;
        std::vector<std::pair<bool, std::size_t>> variables; ///< slot or weight, and which
    };

    static StateBuffer hold(const Tensor& tensor) { return *StateBuffer::holding(tensor); }

    Compiled& compiledFor(StepKind kind, bool sparse)
    {
        Compiled& compiled = m_compiled[kind];
        if (compiled.program)
            return compiled;
        ops::Graph graph;
        ops::Builder builder(graph);
        std::vector<ops::Value> numbers;
        for (std::size_t i = 0; i < m_optimizer.numberCount(); ++i)
            numbers.push_back(builder.input("number", { DType::Float32, {} }));
        std::vector<Optimizer::Target> targets;
        std::vector<ops::Value> gradients;
        for (std::size_t i = 0; i < m_weights.size(); ++i) {
            const Shape& shape = m_weights[i].shape();
            if (i == 0 && sparse) {
                const auto indices = builder.input("indices", { DType::Int64, { 4 } });
                const auto rows = builder.input("rows", { DType::Float32, { 4, 4 } });
                gradients.push_back(builder.scatterAdd(indices, rows, shape));
            } else {
                gradients.push_back(builder.input("gradient", { DType::Float32, shape }));
            }
            const auto variable = builder.variable("weight", { DType::Float32, shape });
            compiled.variables.emplace_back(false, i);
            targets.push_back(
                { WeightUpdate(builder, variable, m_optimizer.dialect(), "w" + std::to_string(i)),
                    variable, Json() });
            targets.back().update.setNumbers(numbers);
            for (std::size_t s = 0; s < m_slots.size(); ++s) {
                if (m_slots[s].variable != i)
                    continue;
                targets.back().update.addSlot(m_slots[s].slot,
                    builder.variable(m_slots[s].slot, { m_slots[s].dtype, m_slots[s].shape }));
                compiled.variables.emplace_back(true, s);
            }
        }
        m_optimizer.build(builder, targets, kind,
            [&](std::size_t i) { return sparseGradient(builder, graph, gradients[i]); });
        if (builder.error())
            qFatal("%s", builder.error()->sentence().c_str());
        auto program = ops::Program::compile(graph);
        if (!program)
            qFatal("%s", program.error().sentence().c_str());
        compiled.program = std::make_unique<ops::Program>(*std::move(program));
        return compiled;
    }

    const Json& m_record;
    Optimizer m_optimizer;
    OptimizerCounters m_counters;
    std::vector<StateBuffer> m_weights, m_slotMemory;
    std::vector<OptimizerSlotSpec> m_slots;
    std::map<StepKind, Compiled> m_compiled;
};

KerasGeneration dialectOf(const Json& record)
{
    const std::string name = record["dialect"];
    return name == "keras3" ? KerasGeneration::Keras3
        : name == "keras2"  ? KerasGeneration::Keras2
                            : KerasGeneration::Legacy;
}

/// Largest difference, relative to the size of the numbers.
double differenceOf(const std::vector<float>& got, const std::vector<float>& wanted)
{
    double largest = got.size() == wanted.size() ? 0 : 1e9;
    for (std::size_t i = 0; i < wanted.size() && i < got.size(); ++i) {
        const double difference = std::abs(static_cast<double>(got[i] - wanted[i]));
        largest = std::max(largest,
            std::isfinite(difference) ? difference / (1 + std::abs(static_cast<double>(wanted[i])))
                                      : 1e9);
    }
    return largest;
}

} // namespace

class tst_Optimizers : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        m_keras2 = readJson(TEST_DATA "/training/optimizers-keras2.15.json");
        m_keras3 = readJson(TEST_DATA "/training/optimizers-keras3.15.json");
        QVERIFY(m_keras2.is_object() && m_keras3.is_object());
    }

    void followsRealKeras_data()
    {
        QTest::addColumn<bool>("isKeras3");
        QTest::addColumn<int>("index");
        for (const bool isKeras3 : { false, true }) {
            const Json& cases = (isKeras3 ? m_keras3 : m_keras2)["cases"];
            for (std::size_t i = 0; i < cases.size(); ++i) {
                const std::string name = cases[i]["name"];
                QTest::addRow("%s-%s", isKeras3 ? "keras3" : "keras2", name.c_str())
                    << isKeras3 << static_cast<int>(i);
            }
        }
    }
    void followsRealKeras()
    {
        QFETCH(bool, isKeras3);
        QFETCH(int, index);
        const Json& record
            = (isKeras3 ? m_keras3 : m_keras2)["cases"][static_cast<std::size_t>(index)];
        const Json specification{ { "class_name", record["class"] },
            { "config", record["config"] } };
        auto optimizer = Optimizer::create(specification, dialectOf(record));
        QVERIFY2(optimizer, optimizer ? "" : optimizer.error().sentence().c_str());
        Run run(record, *std::move(optimizer));
        for (std::size_t s = 0; s < record["steps"].size(); ++s) {
            run.step(record["steps"][s]);
            for (std::size_t i = 0; i < record["shapes"].size(); ++i) {
                const double difference
                    = differenceOf(run.weight(i), floats(record["steps"][s]["after"][i]));
                // Float32 arithmetic in another order; Muon's iteration amplifies it.
                const double tolerance = record["class"] == "Muon" ? 2e-5 : 3e-6;
                QVERIFY2(difference < tolerance,
                    qPrintable(QStringLiteral("step %1, weight %2: off by %3")
                                   .arg(s)
                                   .arg(i)
                                   .arg(difference)));
            }
        }
    }

    /// An independent witness in double precision for the three that matter most.
    void followsTheFormulaOfAdam()
    {
        double theta = 0.3;
        double m = 0;
        double v = 0;
        Json record{ { "shapes", { { 1 } } }, { "before", { { theta } } } };
        const Json specification{ { "class_name", "Adam" },
            { "config", { { "learning_rate", 0.05 }, { "beta_1", 0.8 }, { "beta_2", 0.9 } } } };
        Run run(record, *Optimizer::create(specification, KerasGeneration::Keras3));
        for (int t = 1; t <= 8; ++t) {
            const double g = std::sin(static_cast<double>(t));
            run.step(Json{ { "gradients", { { g } } } });
            m += (g - m) * 0.2;
            v += (g * g - v) * 0.1;
            theta -= 0.05 * std::sqrt(1 - std::pow(0.9, t)) / (1 - std::pow(0.8, t)) * m
                / (std::sqrt(v) + 1e-7);
            QVERIFY(std::abs(static_cast<double>(run.weight(0)[0]) - theta) < 1e-6);
        }
    }

    void namesAnOptimizerThatCannotRun()
    {
        const auto optimizer = Optimizer::create(
            Json{ { "class_name", "Custom>Mine" }, { "config", Json::object() } },
            KerasGeneration::Keras2);
        QVERIFY(!optimizer);
        QCOMPARE(optimizer.error().kind(), ErrorKind::Unsupported);
        QVERIFY(optimizer.error().message().find("Mine") != std::string::npos);
    }

    void halvesTheLossScaleAfterOverflow()
    {
        const Json inner{ { "class_name", "SGD" }, { "config", { { "learning_rate", 0.1 } } } };
        const Json specification{ { "class_name", "LossScaleOptimizer" },
            { "config",
                { { "inner_optimizer", inner }, { "initial_scale", 1024.0 },
                    { "dynamic_growth_steps", 3 } } } };
        const auto optimizer = Optimizer::create(specification, KerasGeneration::Keras3);
        QVERIFY(optimizer);
        OptimizerCounters counters = optimizer->freshCounters();
        optimizer->advance(counters, {}, false);
        QCOMPARE(counters.lossScale, 512.0);
        QCOMPARE(counters.iterations, std::int64_t(0));
        for (int i = 0; i < 3; ++i)
            optimizer->advance(counters, {}, true);
        QCOMPARE(counters.lossScale, 1024.0);
        QCOMPARE(counters.iterations, std::int64_t(3));
    }

private:
    Json m_keras2, m_keras3;
};

QTEST_GUILESS_MAIN(tst_Optimizers)
#include "tst_optimizers.moc"

#include "views/layer_properties.h"

#include "views/inspector_text.h"
#include "views/model_words.h"
#include "views/number_text.h"

#include <algorithm>

namespace layerscope::views {

namespace {

/// Of the optimizer of a large model; its layers show the rest.
constexpr std::size_t mostVariables = 200;

QString toText(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

Property fact(const QString& name, const QString& value, const QString& exact = {})
{
    return { .name = name, .value = value, .exact = exact };
}

Property heading(const QString& name, const QString& value = {})
{
    return { .name = name, .value = value, .style = Property::Style::Heading };
}

std::string joined(const QStringList& path)
{
    return path.join(QLatin1Char('/')).toStdString();
}

/// "kernel" of "dense/kernel:0".
QString shortName(const Weight& weight)
{
    QString name = toText(weight.name);
    if (const qsizetype colon = name.lastIndexOf(u':'); colon > 0)
        name.truncate(colon);
    return name.mid(name.lastIndexOf(u'/') + 1);
}

std::int64_t parametersOf(const Network& network, const Layer& layer)
{
    std::int64_t count = 0;
    for (const WeightIndex index : layer.weights)
        count += index < network.weights.size() ? network.weights[index].value.count() : 0;
    return count;
}

QString tensorText(const StoredTensor& tensor)
{
    return shapeText(tensor.shape()) + QLatin1Char(' ') + toText(name(tensor.dtype()));
}

Property tensorProperty(const QString& name, const StoredTensor& tensor, const ValueSource& source,
    const Knowledge& knowledge)
{
    Property property = fact(name, tensorText(tensor));
    property.source = source;
    property.toolTip = InspectorText::tr("%1: %2 values, %3")
                           .arg(name, countText(tensor.count()), byteText(tensor.byteCount()));
    if (const SharedStatistics known
        = knowledge.statistics ? knowledge.statistics(source) : nullptr)
        property.children = propertiesOf(*known);
    return property;
}

/// The shape that flows into a layer: from its first call, or from the layer before it.
std::optional<PartialShape> inputShape(
    const FoundLayer& found, const QStringList& path, const Knowledge& knowledge)
{
    if (!found.holder || !knowledge.outputShapes)
        return std::nullopt;
    const std::vector<Layer>& siblings = found.holder->layers;
    const Layer* before = nullptr;
    if (!found.layer->calls.empty()) {
        const std::vector<TensorReference> tensors = found.layer->calls.front().tensors();
        if (!tensors.empty() && tensors.front().layer < siblings.size())
            before = &siblings[tensors.front().layer];
    } else if (found.layer != &siblings.front()) {
        before = found.layer - 1;
    }
    if (!before)
        return std::nullopt;
    QStringList other = path;
    other.last() = toText(before->name);
    const auto shape = knowledge.outputShapes->find(joined(other));
    return shape == knowledge.outputShapes->end() ? std::nullopt : std::optional(shape->second);
}

Property shapesSection(const FoundLayer& found, const QStringList& path, const Knowledge& knowledge)
{
    Property section = heading(InspectorText::tr("Shape"));
    if (const std::optional<PartialShape> shape = inputShape(found, path, knowledge))
        section.children.push_back(fact(InspectorText::tr("Input"), shapeText(*shape)));
    if (!knowledge.outputShapes)
        return section;
    const auto output = knowledge.outputShapes->find(joined(path));
    section.children.push_back(fact(InspectorText::tr("Output"),
        output == knowledge.outputShapes->end() ? InspectorText::tr("unknown")
                                                : shapeText(output->second)));
    return section;
}

/// "73,856 = 3·3·64·128 + 128": where the number comes from.
QString parameterFormula(const Network& network, const Layer& layer)
{
    QStringList terms;
    for (const WeightIndex index : layer.weights)
        if (index < network.weights.size())
            terms.append(productText(network.weights[index].value.shape()));
    const QString count = countText(parametersOf(network, layer));
    if (terms.size() > 6 || (terms.size() == 1 && terms[0] == count))
        return count;
    return terms.isEmpty() ? count
                           : count + QLatin1String(" = ") + terms.join(QLatin1String(" + "));
}

Property weightsSection(const Network& network, const Layer& layer, const Knowledge& knowledge)
{
    Property section = heading(InspectorText::tr("Weights"));
    std::int64_t bytes = 0;
    for (const WeightIndex index : layer.weights) {
        if (index >= network.weights.size())
            continue;
        const Weight& weight = network.weights[index];
        bytes += weight.value.byteCount();
        Property property = tensorProperty(
            shortName(weight), weight.value, { ValueSource::Kind::Weight, index }, knowledge);
        property.toolTip = toText(weight.path.empty() ? weight.name : weight.path)
            + QLatin1Char('\n') + property.toolTip;
        if (!weight.trainable)
            property.value += QStringLiteral(" · ") + InspectorText::tr("not trainable");
        section.children.push_back(std::move(property));
    }
    section.value = byteText(bytes);
    return section;
}

Property slotsSection(const Network& network, const Layer& layer, const Knowledge& knowledge)
{
    Property section
        = heading(InspectorText::tr("Optimizer state"), toText(network.optimizer->className));
    const std::vector<OptimizerVariable>& variables = network.optimizer->variables;
    for (std::size_t i = 0; i < variables.size(); ++i) {
        const OptimizerVariable& variable = variables[i];
        if (!variable.weight
            || std::find(layer.weights.begin(), layer.weights.end(), *variable.weight)
                == layer.weights.end()
            || *variable.weight >= network.weights.size())
            continue;
        const QString slot = toText(variable.slot.empty() ? variable.name : variable.slot);
        section.children.push_back(tensorProperty(
            InspectorText::tr("%1 of %2").arg(slot, shortName(network.weights[*variable.weight])),
            variable.value, { ValueSource::Kind::OptimizerVariable, i }, knowledge));
    }
    return section;
}

/// The configuration without what the tree and the graph show better.
Property configurationSection(const Layer& layer)
{
    Property section = heading(InspectorText::tr("Configuration"));
    if (!layer.config.is_object())
        return section;
    for (const auto& [key, value] : layer.config.items()) {
        const bool isStructure = key == "layers" || key == "input_layers" || key == "output_layers";
        if (!layer.isModel() || !isStructure)
            section.children.push_back(propertyOfJson(toText(key), value));
    }
    return section;
}

Property factsSection(const Network& network, const Layer& layer)
{
    Property section = heading(InspectorText::tr("Facts"));
    if (!layer.isModel())
        section.children.push_back(fact(InspectorText::tr("Parameters"),
            parameterFormula(network, layer), QString::number(parametersOf(network, layer))));
    section.children.push_back(fact(InspectorText::tr("Trainable"),
        layer.trainable ? InspectorText::tr("yes") : InspectorText::tr("no")));
    section.children.push_back(fact(InspectorText::tr("Number type"), toText(layer.dtypePolicy)));
    if (layer.calls.size() > 1)
        section.children.push_back(fact(InspectorText::tr("Used"),
            InspectorText::tr("%n time(s)", nullptr, static_cast<int>(layer.calls.size()))));
    return section;
}

Property totalsSection(const Network& network)
{
    std::int64_t all = 0, trainable = 0, bytes = 0;
    for (const Weight& weight : network.weights) {
        all += weight.value.count();
        trainable += weight.trainable ? weight.value.count() : 0;
        bytes += weight.value.byteCount();
    }
    Property section = heading(InspectorText::tr("Totals"));
    section.children = {
        fact(InspectorText::tr("Parameters"), countText(all), QString::number(all)),
        fact(InspectorText::tr("Trainable"), countText(trainable), QString::number(trainable)),
        fact(InspectorText::tr("Not trainable"), countText(all - trainable),
            QString::number(all - trainable)),
        fact(InspectorText::tr("Weights"),
            countText(static_cast<std::int64_t>(network.weights.size()))),
        fact(InspectorText::tr("Size"), byteText(bytes), QString::number(bytes)),
    };
    return section;
}

Property trainingSection(const Network& network)
{
    Property section = heading(InspectorText::tr("Training set-up"));
    if (!network.training) {
        section.value = InspectorText::tr("none in the file");
        return section;
    }
    const TrainingSetup& setup = *network.training;
    const std::pair<QString, Json> parts[]
        = { { InspectorText::tr("Optimizer"), setup.optimizer() },
              { InspectorText::tr("Loss"), setup.loss() },
              { InspectorText::tr("Loss weights"), setup.lossWeights() },
              { InspectorText::tr("Metrics"), setup.metrics() },
              { InspectorText::tr("Weighted metrics"), setup.weightedMetrics() } };
    for (const auto& [name, value] : parts)
        if (!value.is_null())
            section.children.push_back(propertyOfJson(name, value));
    return section;
}

Property optimizerSection(const Network& network)
{
    Property section = heading(InspectorText::tr("Optimizer state"));
    if (!network.optimizer) {
        section.value = InspectorText::tr("none in the file");
        return section;
    }
    const OptimizerState& optimizer = *network.optimizer;
    section.value = toText(optimizer.className);
    section.children.push_back(fact(InspectorText::tr("Step"),
        optimizer.iterations ? countText(*optimizer.iterations) : InspectorText::tr("not stored"),
        optimizer.iterations ? QString::number(*optimizer.iterations) : QString()));
    std::int64_t bytes = 0;
    Property variables = fact(InspectorText::tr("Variables"),
        countText(static_cast<std::int64_t>(optimizer.variables.size())));
    for (std::size_t i = 0; i < optimizer.variables.size(); ++i) {
        const OptimizerVariable& variable = optimizer.variables[i];
        bytes += variable.value.byteCount();
        if (i < mostVariables)
            variables.children.push_back(fact(toText(variable.name), tensorText(variable.value)));
    }
    if (optimizer.variables.size() > mostVariables)
        variables.children.push_back(
            fact(QStringLiteral("…"), InspectorText::tr("each layer shows its own")));
    section.children.push_back(std::move(variables));
    section.children.push_back(
        fact(InspectorText::tr("Size"), byteText(bytes), QString::number(bytes)));
    if (!optimizer.config.is_null())
        section.children.push_back(
            propertyOfJson(InspectorText::tr("Configuration"), optimizer.config));
    return section;
}

Property fileSection(const FileFacts& file)
{
    Property section = heading(InspectorText::tr("File"));
    const QString path = toText(file.path.string());
    section.children.push_back(fact(InspectorText::tr("Path"), path));
    section.children.push_back(fact(InspectorText::tr("Format"), formatTitle(file.format)));
    section.children.push_back(fact(InspectorText::tr("Holds"),
        file.weightsOnly ? InspectorText::tr("weights only") : InspectorText::tr("a whole model")));
    section.children.push_back(fact(InspectorText::tr("Size"),
        byteText(static_cast<qint64>(file.bytes)), QString::number(file.bytes)));
    const std::pair<QString, const std::string&> versions[]
        = { { QStringLiteral("Keras"), file.kerasVersion },
              { QStringLiteral("TensorFlow"), file.tensorflowVersion },
              { InspectorText::tr("Backend"), file.backend } };
    for (const auto& [name, value] : versions)
        if (!value.empty())
            section.children.push_back(fact(name, toText(value)));
    return section;
}

Property problemsSection(const std::vector<Problem>& problems)
{
    Property section = heading(InspectorText::tr("Notes on the file"),
        countText(static_cast<std::int64_t>(problems.size())));
    for (const Problem& problem : problems) {
        Property property = fact(toText(problem.where), inWords(problem.what));
        property.style = problem.severity == Severity::Note ? Property::Style::Plain
                                                            : Property::Style::Warning;
        property.toolTip = inWords(problem.what) + QLatin1Char('\n') + inWords(problem.remedy);
        section.children.push_back(std::move(property));
    }
    return section;
}

} // namespace

QString formatTitle(const std::string& format)
{
    static const std::map<std::string, QString> titles{
        { "h5", QStringLiteral("HDF5") },
        { "h5-keras2", QStringLiteral("HDF5") },
        { "h5-legacy", QStringLiteral("HDF5") },
        { "h5-weights", QStringLiteral("HDF5") },
        { "weights.h5", QStringLiteral("HDF5") },
        { "weights.h5-keras2", QStringLiteral("HDF5") },
        { "keras", QStringLiteral("Keras zip") },
        { "keras2.15", QStringLiteral("Keras zip") },
        { "savedmodel", QStringLiteral("SavedModel") },
        { "checkpoint", QStringLiteral("TensorFlow checkpoint") },
        { "npz", QStringLiteral("NumPy") },
        { "safetensors", QStringLiteral("Safetensors") },
    };
    const auto found = titles.find(format);
    return found == titles.end() ? toText(format) : found->second;
}

FoundLayer findLayer(const Network& network, const QStringList& path)
{
    FoundLayer found{ &network.model, nullptr };
    for (const QString& name : path) {
        const std::string wanted = name.toStdString();
        const std::vector<Layer>& layers = found.layer->layers;
        const auto next = std::find_if(
            layers.begin(), layers.end(), [&](const Layer& layer) { return layer.name == wanted; });
        if (next == layers.end())
            return {};
        found = { &*next, found.layer };
    }
    return found;
}

std::vector<Property> propertiesOf(const analysis::Statistics& statistics)
{
    const auto number = [](const QString& name, double value) {
        return fact(name, numberText(value), preciseText(value));
    };
    const auto count = [](const QString& name, std::int64_t value) {
        return fact(name, countText(value), QString::number(value));
    };
    QStringList first, firstExact;
    for (const double value : statistics.first) {
        first.append(numberText(value));
        firstExact.append(preciseText(value));
    }
    return {
        count(InspectorText::tr("Values"), statistics.count),
        number(InspectorText::tr("Mean"), statistics.mean),
        number(InspectorText::tr("Standard deviation"), statistics.std),
        number(InspectorText::tr("Minimum"), statistics.min),
        number(InspectorText::tr("Maximum"), statistics.max),
        number(InspectorText::tr("Skewness"), statistics.skewness),
        number(InspectorText::tr("Excess kurtosis"), statistics.kurtosis),
        count(InspectorText::tr("Zeros"), statistics.zeros),
        count(QStringLiteral("NaN"), statistics.nan),
        count(InspectorText::tr("Infinite"), statistics.inf),
        fact(InspectorText::tr("First values"), first.join(QLatin1String("  ")),
            firstExact.join(QLatin1Char('\t'))),
    };
}

std::vector<Property> propertiesOfLayer(
    const Network& network, const QStringList& path, const Knowledge& knowledge)
{
    const FoundLayer found = findLayer(network, path);
    if (!found.layer)
        return {};
    const Layer& layer = *found.layer;
    std::vector<Property> sections{ shapesSection(found, path, knowledge),
        factsSection(network, layer) };
    if (!layer.weights.empty())
        sections.push_back(weightsSection(network, layer, knowledge));
    if (network.optimizer && !layer.weights.empty())
        sections.push_back(slotsSection(network, layer, knowledge));
    sections.push_back(configurationSection(layer));
    std::erase_if(sections, [](const Property& section) { return section.children.empty(); });
    return sections;
}

std::vector<Property> propertiesOfModel(const Network& network)
{
    std::vector<Property> sections{ totalsSection(network), trainingSection(network),
        optimizerSection(network), fileSection(network.file) };
    if (!network.problems.empty())
        sections.insert(sections.begin(), problemsSection(network.problems));
    if (Property configuration = configurationSection(network.model);
        !configuration.children.empty())
        sections.push_back(std::move(configuration));
    return sections;
}

} // namespace layerscope::views

#include "views/layer_item_model.h"

#include "model/network/function_graph.h"
#include "views/layer_category.h"
#include "views/number_text.h"

#include <QFont>

#include <algorithm>

namespace layerscope::views {

namespace {

/// The functions of a network that has no layers, as trees of layers.
std::shared_ptr<const std::vector<Layer>> functionLayers(const Network& network)
{
    if (!network.functions)
        return nullptr;
    std::vector<Layer> layers;
    for (const FunctionGraph& function : *network.functions)
        layers.push_back(scopesOf(function));
    return std::make_shared<const std::vector<Layer>>(std::move(layers));
}

/// Every weight below a model, each once: shared layers stand in several places.
void collectWeights(const Layer& layer, std::vector<WeightIndex>& found)
{
    found.insert(found.end(), layer.weights.begin(), layer.weights.end());
    for (const Layer& inner : layer.layers)
        collectWeights(inner, found);
}

} // namespace

bool LayerItemModel::Node::operator==(const Node& other) const
{
    return parent == other.parent && path == other.path && children == other.children
        && layer->className == other.layer->className && layer->weights == other.layer->weights;
}

void LayerItemModel::addNodes(std::vector<Node>& nodes, const Layer& layer, int parent, int row,
    const std::string& path) const
{
    const int self = static_cast<int>(nodes.size());
    Node node;
    node.layer = &layer;
    node.parent = parent;
    node.row = row;
    node.path = path;
    std::vector<WeightIndex> weights;
    collectWeights(layer, weights);
    std::sort(weights.begin(), weights.end());
    weights.erase(std::unique(weights.begin(), weights.end()), weights.end());
    for (const WeightIndex index : weights) {
        if (index >= m_network->weights.size())
            continue;
        const Weight& weight = m_network->weights[index];
        node.parameters += weight.value.count();
        node.trainableParameters += weight.trainable ? weight.value.count() : 0;
    }
    nodes.push_back(std::move(node));
    for (std::size_t i = 0; i < layer.layers.size(); ++i) {
        const Layer& inner = layer.layers[i];
        nodes[static_cast<std::size_t>(self)].children.push_back(static_cast<int>(nodes.size()));
        addNodes(nodes, inner, self, static_cast<int>(i),
            path.empty() ? inner.name : path + '/' + inner.name);
    }
}

void LayerItemModel::setNetwork(std::shared_ptr<const Network> network)
{
    const std::shared_ptr<const Network> old = std::exchange(m_network, std::move(network));
    std::vector<Node> nodes;
    if (m_network) {
        addNodes(nodes, m_network->model, -1, 0, {});
        // Weights that no layer took count for the model as a whole.
        Node& root = nodes.front();
        root.parameters = root.trainableParameters = 0;
        for (const Weight& weight : m_network->weights) {
            root.parameters += weight.value.count();
            root.trainableParameters += weight.trainable ? weight.value.count() : 0;
        }
    }
    // Nodes of the old tree point into the old functions: they live until it has been compared.
    const auto oldFunctions = m_functions;
    if (m_network && !(old && old->functions == m_network->functions))
        m_functions = functionLayers(*m_network);
    if (m_network && m_functions)
        for (const Layer& function : *m_functions) {
            const int row = static_cast<int>(nodes.front().children.size());
            nodes.front().children.push_back(static_cast<int>(nodes.size()));
            addNodes(nodes, function, 0, row, function.name);
        }
    if (old && m_network && nodes == m_nodes) { // compares while the old layers still live
        m_nodes = std::move(nodes);
        emit dataChanged(index(0, 0), index(0, ColumnCount - 1));
        return;
    }
    beginResetModel();
    m_nodes = std::move(nodes);
    m_shapes.clear();
    m_shapesKnown = false;
    m_finite.clear();
    endResetModel();
}

void LayerItemModel::setOutputShapes(std::map<std::string, PartialShape> shapes)
{
    m_shapes = std::move(shapes);
    m_shapesKnown = true;
    if (const auto own = outputShapeOfModel(); own && !m_shapes.contains(std::string()))
        m_shapes.emplace(std::string(), *own);
    // One signal for each model: a range has one parent.
    for (std::size_t i = 0; i < m_nodes.size(); ++i) {
        const Node& node = m_nodes[i];
        if (i == 0)
            emit dataChanged(index(0, OutputShape), index(0, OutputShape));
        if (node.children.empty())
            continue;
        const QModelIndex parent = createIndex(node.row, 0, static_cast<quintptr>(i));
        emit dataChanged(
            index(0, OutputShape, parent), index(rowCount(parent) - 1, OutputShape, parent));
    }
}

/// The model gives out what its first output layer does.
std::optional<PartialShape> LayerItemModel::outputShapeOfModel() const
{
    if (!m_network || m_network->model.layers.empty())
        return std::nullopt;
    const Layer& model = m_network->model;
    const bool isTold = !model.outputs.empty() && model.outputs.front().layer < model.layers.size();
    if (!isTold && model.kind != LayerKind::Sequential)
        return std::nullopt;
    const Layer& last = isTold ? model.layers[model.outputs.front().layer] : model.layers.back();
    const auto found = m_shapes.find(last.name);
    return found == m_shapes.end() ? std::nullopt : std::optional(found->second);
}

void LayerItemModel::setFinite(WeightIndex weight, bool finite)
{
    const auto [place, isNew] = m_finite.insert_or_assign(weight, finite);
    if (finite && isNew)
        return; // nothing to see
    for (std::size_t i = 0; i < m_nodes.size(); ++i) {
        const std::vector<WeightIndex>& own = m_nodes[i].layer->weights;
        if (std::find(own.begin(), own.end(), weight) == own.end())
            continue;
        const QModelIndex first = createIndex(m_nodes[i].row, 0, static_cast<quintptr>(i));
        emit dataChanged(first, first.siblingAtColumn(ColumnCount - 1));
    }
}

QModelIndex LayerItemModel::indexOf(const QStringList& path) const
{
    if (m_nodes.empty())
        return {};
    std::size_t at = 0;
    for (const QString& name : path) {
        const std::string wanted = name.toStdString();
        const std::vector<int>& children = m_nodes[at].children;
        const auto found = std::find_if(children.begin(), children.end(), [&](int child) {
            return m_nodes[static_cast<std::size_t>(child)].layer->name == wanted;
        });
        if (found == children.end())
            return {};
        at = static_cast<std::size_t>(*found);
    }
    return createIndex(m_nodes[at].row, 0, static_cast<quintptr>(at));
}

const LayerItemModel::Node& LayerItemModel::nodeOf(const QModelIndex& index) const
{
    return m_nodes[static_cast<std::size_t>(index.internalId())];
}

QModelIndex LayerItemModel::index(int row, int column, const QModelIndex& parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    if (!parent.isValid())
        return createIndex(row, column, quintptr(0));
    return createIndex(
        row, column, static_cast<quintptr>(nodeOf(parent).children[static_cast<std::size_t>(row)]));
}

QModelIndex LayerItemModel::parent(const QModelIndex& index) const
{
    if (!index.isValid())
        return {};
    const int parent = nodeOf(index).parent;
    return parent < 0 ? QModelIndex()
                      : createIndex(m_nodes[static_cast<std::size_t>(parent)].row, 0,
                          static_cast<quintptr>(parent));
}

int LayerItemModel::rowCount(const QModelIndex& parent) const
{
    if (!parent.isValid())
        return m_nodes.empty() ? 0 : 1;
    return parent.column() == 0 ? static_cast<int>(nodeOf(parent).children.size()) : 0;
}

int LayerItemModel::columnCount(const QModelIndex&) const
{
    return ColumnCount;
}

QStringList LayerItemModel::pathOf(const Node& node) const
{
    QStringList path;
    for (const Node* at = &node; at->parent >= 0;
         at = &m_nodes[static_cast<std::size_t>(at->parent)])
        path.prepend(QString::fromStdString(at->layer->name));
    return path;
}

QVariant LayerItemModel::notFinite(const Node& node) const
{
    std::vector<WeightIndex> weights;
    collectWeights(*node.layer, weights);
    bool known = true;
    for (const WeightIndex index : weights) {
        const auto found = m_finite.find(index);
        if (found != m_finite.end() && !found->second)
            return true;
        known = known && found != m_finite.end();
    }
    return known ? QVariant(false) : QVariant();
}

QVariant LayerItemModel::displayed(const Node& node, int column) const
{
    switch (column) {
    case Name:
        return QString::fromStdString(node.parent < 0 && node.layer->name.empty()
                ? m_network->file.path.filename().string() // weights without their model
                : node.layer->name);
    case Type:
        return QString::fromStdString(node.layer->className);
    case OutputShape:
        if (const auto found = m_shapes.find(node.path); found != m_shapes.end())
            return shapeText(found->second);
        if (m_network->functions) // neither variables nor ops have one that is known
            return {};
        return m_shapesKnown ? QStringLiteral("?") : QStringLiteral("…");
    case Parameters:
        return countText(node.parameters);
    case Trainable:
        if (node.parameters == 0)
            return {};
        if (node.trainableParameters == 0)
            return tr("no");
        return node.trainableParameters == node.parameters ? tr("yes") : tr("partly");
    default:
        return {};
    }
}

QVariant LayerItemModel::sortedBy(const Node& node, int column) const
{
    switch (column) {
    case OutputShape: {
        const auto found = m_shapes.find(node.path);
        std::int64_t product = found == m_shapes.end() ? -1 : 1;
        if (found != m_shapes.end())
            for (const std::int64_t length : found->second)
                product *= std::max<std::int64_t>(1, length);
        return static_cast<qlonglong>(product);
    }
    case Parameters:
        return static_cast<qlonglong>(node.parameters);
    case Trainable:
        return static_cast<qlonglong>(node.trainableParameters);
    default:
        return displayed(node, column);
    }
}

QString LayerItemModel::toolTip(const Node& node, int column) const
{
    switch (column) {
    case OutputShape:
        return m_shapesKnown && !m_network->functions && !m_shapes.contains(node.path)
            ? tr("Unknown: there is no shape rule for %1 in this place.")
                  .arg(QString::fromStdString(node.layer->className))
            : displayed(node, column).toString();
    case Parameters:
    case Trainable:
        return node.parameters == 0
            ? tr("This layer has no weights.")
            : tr("%1 parameters, %2 of them trainable")
                  .arg(countText(node.parameters), countText(node.trainableParameters));
    case Type:
        return QString::fromStdString(node.layer->registeredName.empty()
                ? node.layer->className
                : node.layer->registeredName);
    default:
        return notFinite(node).toBool()
            ? tr("Some weights are not finite (NaN or infinite).")
            : QString::fromStdString(node.path.empty() ? node.layer->name : node.path);
    }
}

QVariant LayerItemModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid())
        return {};
    const Node& node = nodeOf(index);
    switch (role) {
    case Qt::DisplayRole:
        return displayed(node, index.column());
    case Qt::DecorationRole:
        if (index.column() != Name)
            return {};
        return categoryIcon(categoryOf(*node.layer));
    case Qt::TextAlignmentRole:
        return QVariant(
            (index.column() == Parameters ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    case Qt::ToolTipRole:
        return toolTip(node, index.column());
    case SortRole:
        return sortedBy(node, index.column());
    case PathRole:
        return pathOf(node);
    case ClassRole:
        return QString::fromStdString(node.layer->className);
    case ParametersRole:
        return static_cast<qlonglong>(node.parameters);
    case TrainableRole:
        return node.trainableParameters > 0;
    case NotFiniteRole:
        return notFinite(node);
    case IsModelRole:
        return node.layer->isModel();
    default:
        return {};
    }
}

QVariant LayerItemModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant(
            (section == Parameters ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role == Qt::ToolTipRole)
        return section == Trainable ? tr("Trainable: whether training changes the weights")
                                    : QVariant();
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Name:
        return tr("Name");
    case Type:
        return tr("Type");
    case OutputShape:
        return tr("Output shape");
    case Parameters:
        return tr("Parameters");
    case Trainable:
        return tr("Trains", "title of a narrow column: trainable");
    default:
        return {};
    }
}

} // namespace layerscope::views

#include "model/analysis/proposal_shapes.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace layerscope::analysis {

namespace {

using Weights = std::vector<NamedShape>;

constexpr double certain = 0.95; // names and shapes agree
constexpr double likely = 0.8; // shapes leave little else
constexpr double possible = 0.5;
constexpr double unlikely = 0.25;

std::string lowered(std::string text)
{
    std::ranges::transform(
        text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

bool contains(const std::string& text, std::initializer_list<std::string_view> words)
{
    return std::ranges::any_of(
        words, [&](std::string_view word) { return text.find(word) != std::string::npos; });
}

std::string shapesText(const Weights& weights)
{
    std::string text;
    for (const NamedShape& weight : weights)
        text += (text.empty() ? "" : ", ") + weight.name + " " + toString(weight.shape);
    return text;
}

const NamedShape* named(const Weights& weights, std::string_view name)
{
    const auto found = std::ranges::find(weights, name, &NamedShape::name);
    return found != weights.end() ? &*found : nullptr;
}

std::size_t rank(const NamedShape& weight)
{
    return weight.shape.size();
}

/// Gathers the classes that fit.
class Candidates
{
public:
    Candidates(const std::string& name, const Weights& weights)
        : m_name(lowered(name))
        , m_weights(weights)
    {
    }

    std::vector<ProposedClass> find();

private:
    /// `hints`: words in the layer's name that speak for the class.
    void add(const char* className, Json config, std::vector<const NamedShape*> order,
        double confidence, std::initializer_list<std::string_view> hints)
    {
        const bool isNamed = contains(m_name, hints);
        ProposedClass found{ className, std::move(config), {},
            isNamed ? std::max(confidence, certain) : confidence, shapesText(m_weights) };
        if (isNamed)
            found.reason += "; its name says so";
        for (const NamedShape* weight : order)
            found.weights.push_back(weight->index);
        m_found.push_back(std::move(found));
    }
    void one();
    void kernelAndBias(const NamedShape& kernel, const NamedShape* bias);
    void two();
    void three();
    void four();
    void bidirectional();

    std::string m_name;
    const Weights& m_weights;
    std::vector<ProposedClass> m_found;
};

Json convolution(const Shape& kernel, std::size_t axes)
{
    Json size = Json::array();
    for (std::size_t i = 0; i < axes; ++i)
        size.push_back(kernel[i]);
    return { { "filters", kernel.back() }, { "kernel_size", size } };
}

void Candidates::kernelAndBias(const NamedShape& kernel, const NamedShape* bias)
{
    std::vector<const NamedShape*> order{ &kernel };
    if (bias != nullptr)
        order.push_back(bias);
    const bool useBias = bias != nullptr;
    const Shape& shape = kernel.shape;
    const auto with = [&](Json config) {
        config["use_bias"] = useBias;
        return config;
    };
    const bool biasIsLast = bias == nullptr || bias->shape == Shape{ shape.back() };
    if (rank(kernel) == 2 && biasIsLast)
        add("Dense", with({ { "units", shape[1] } }), order, useBias ? certain : likely,
            { "dense", "fc", "predictions", "logits" });
    for (const std::size_t axes : { 1U, 2U, 3U }) {
        if (rank(kernel) != axes + 2)
            continue;
        static constexpr std::array<const char*, 4> plain{ "", "Conv1D", "Conv2D", "Conv3D" };
        static constexpr std::array<const char*, 4> transposed{ "", "Conv1DTranspose",
            "Conv2DTranspose", "Conv3DTranspose" };
        const bool isDepthwise
            = contains(m_name, { "depthwise", "dw" }) || kernel.name == "depthwise_kernel";
        const bool isTransposed = contains(m_name, { "transpose", "deconv" });
        if (biasIsLast && !isDepthwise)
            add(plain[axes], with(convolution(shape, axes)), order,
                isTransposed  ? unlikely
                    : useBias ? certain
                              : likely,
                {});
        const std::int64_t in = shape[axes];
        const std::int64_t multiplier = shape[axes + 1];
        const bool isDepthwiseBias = bias == nullptr || bias->shape == Shape{ in * multiplier };
        Json config = convolution(shape, axes);
        if (axes == 2 && isDepthwiseBias) {
            Json depthwise{ { "kernel_size", config["kernel_size"] },
                { "depth_multiplier", multiplier } };
            add("DepthwiseConv2D", with(depthwise), order,
                isDepthwise                     ? certain
                    : multiplier == 1 && in > 1 ? possible
                                                : unlikely,
                {});
        }
        if (bias == nullptr || bias->shape == Shape{ in }) {
            config["filters"] = in;
            add(transposed[axes], with(config), order, isTransposed ? certain : unlikely, {});
        }
    }
}

/// [-2, -1] for two.
Json lastAxes(std::size_t count)
{
    Json axes = Json::array();
    for (auto axis = -static_cast<std::int64_t>(count); axis < 0; ++axis)
        axes.push_back(axis);
    return axes;
}

void Candidates::one()
{
    const NamedShape& only = m_weights[0];
    if (rank(only) == 2)
        add("Embedding", { { "input_dim", only.shape[0] }, { "output_dim", only.shape[1] } },
            { &only }, contains(only.name, { "embedding" }) ? certain : unlikely, { "embed" });
    if (rank(only) >= 2)
        kernelAndBias(only, nullptr);
    if (rank(only) >= 2 && only.name == "gamma")
        add("LayerNormalization", { { "axis", lastAxes(rank(only)) }, { "center", false } },
            { &only }, certain, {});
    const bool isScale = rank(only) == 1;
    if (isScale || contains(only.name, { "alpha" })) {
        Json shared = Json::array();
        for (std::size_t axis = 0; axis + 1 < rank(only); ++axis)
            if (only.shape[axis] == 1)
                shared.push_back(axis + 1);
        Json config = Json::object();
        if (!shared.empty())
            config["shared_axes"] = shared;
        add("PReLU", config, { &only }, only.name == "alpha" ? certain : possible,
            { "p_re_lu", "prelu" });
    }
    if (isScale) {
        add("LayerNormalization",
            { { "center", only.name != "beta" ? false : true },
                { "scale", only.name == "beta" ? false : true } },
            { &only }, only.name == "gamma" || only.name == "beta" ? likely : unlikely,
            { "layer_norm" });
    }
}

void Candidates::two()
{
    const NamedShape* first = &m_weights[0];
    const NamedShape* second = &m_weights[1];
    if (rank(*first) == 1 && rank(*second) > 1) // checkpoints list the bias first
        std::swap(first, second);
    if (rank(*first) == 1 && first->shape == second->shape) {
        const NamedShape* gamma = named(m_weights, "gamma");
        const NamedShape* beta = named(m_weights, "beta");
        add("LayerNormalization", Json::object(),
            { gamma ? gamma : first, beta && gamma ? beta : second }, gamma ? certain : likely,
            { "layer_norm" });
        add("BatchNormalization", { { "scale", false }, { "center", false } }, { first, second },
            named(m_weights, "moving_mean") && !gamma ? certain : unlikely, { "batch_norm", "bn" });
        return;
    }
    if (rank(*first) >= 2 && first->shape == second->shape && named(m_weights, "gamma")
        && named(m_weights, "beta")) { // over several axes, the last ones
        add("LayerNormalization", { { "axis", lastAxes(rank(*first)) } },
            { named(m_weights, "gamma"), named(m_weights, "beta") }, certain, {});
    }
    if (rank(*first) >= 2 && rank(*second) == 1)
        kernelAndBias(*first, second);
    // A recurrent layer without a bias: [in, gates·u] and [u, gates·u].
    for (const auto& [className, gates] :
        { std::pair("LSTM", 4), std::pair("GRU", 3), std::pair("SimpleRNN", 1) })
        if (rank(*first) == 2 && rank(*second) == 2 && first->shape[1] == second->shape[1]
            && second->shape[1] == gates * second->shape[0])
            add(className, { { "units", second->shape[0] }, { "use_bias", false } },
                { first, second }, likely, {});
    if (rank(*first) == 4 && rank(*second) == 4 && second->shape[0] == 1 && second->shape[1] == 1
        && second->shape[2] == first->shape[2] * first->shape[3])
        add("SeparableConv2D",
            { { "filters", second->shape[3] },
                { "kernel_size", { first->shape[0], first->shape[1] } },
                { "depth_multiplier", first->shape[3] }, { "use_bias", false } },
            { first, second }, certain, { "separable" });
}

void Candidates::three()
{
    const NamedShape* kernel = named(m_weights, "kernel");
    const NamedShape* recurrent = named(m_weights, "recurrent_kernel");
    const NamedShape* bias = named(m_weights, "bias");
    if (!kernel || !recurrent || !bias) { // by position, bias wherever its rank shows it
        kernel = &m_weights[0];
        recurrent = &m_weights[1];
        bias = &m_weights[2];
    }
    if (rank(*kernel) == 2 && rank(*recurrent) == 2 && kernel->shape[1] == recurrent->shape[1]) {
        const std::int64_t units = recurrent->shape[0];
        const std::int64_t width = recurrent->shape[1];
        if (width == 4 * units && bias->shape == Shape{ width })
            add("LSTM", { { "units", units } }, { kernel, recurrent, bias }, certain, {});
        if (width == 3 * units
            && (bias->shape == Shape{ 2, width } || bias->shape == Shape{ width }))
            add("GRU", { { "units", units }, { "reset_after", bias->shape.size() == 2 } },
                { kernel, recurrent, bias }, certain, {});
        if (width == units && bias->shape == Shape{ units })
            add("SimpleRNN", { { "units", units } }, { kernel, recurrent, bias }, certain, {});
    }
    const NamedShape& depthwise = m_weights[0];
    const NamedShape& pointwise = m_weights[1];
    if (rank(depthwise) == 4 && rank(pointwise) == 4 && pointwise.shape[0] == 1
        && pointwise.shape[1] == 1 && pointwise.shape[2] == depthwise.shape[2] * depthwise.shape[3]
        && m_weights[2].shape == Shape{ pointwise.shape[3] })
        add("SeparableConv2D",
            { { "filters", pointwise.shape[3] },
                { "kernel_size", { depthwise.shape[0], depthwise.shape[1] } },
                { "depth_multiplier", depthwise.shape[3] } },
            { &depthwise, &pointwise, &m_weights[2] }, certain, {});
    const bool allEqual = rank(m_weights[0]) == 1 && m_weights[0].shape == m_weights[1].shape
        && m_weights[0].shape == m_weights[2].shape;
    if (allEqual) {
        const bool scaled = named(m_weights, "gamma") != nullptr;
        add("BatchNormalization", { { "scale", scaled }, { "center", !scaled } },
            { &m_weights[0], &m_weights[1], &m_weights[2] }, likely, { "batch_norm", "bn" });
        add("Normalization", Json::object(), { &m_weights[0], &m_weights[1], &m_weights[2] },
            unlikely, { "normalization" });
    }
}

void Candidates::four()
{
    const bool allEqual = rank(m_weights[0]) == 1
        && std::ranges::all_of(m_weights,
            [&](const NamedShape& weight) { return weight.shape == m_weights[0].shape; });
    if (!allEqual)
        return;
    std::vector<const NamedShape*> order;
    for (const char* name : { "gamma", "beta", "moving_mean", "moving_variance" })
        if (const NamedShape* weight = named(m_weights, name))
            order.push_back(weight);
    if (order.size() != m_weights.size()) {
        order.clear();
        for (const NamedShape& weight : m_weights)
            order.push_back(&weight);
    }
    add("BatchNormalization", Json::object(), order, certain, {});
}

/// Twice the weights of a recurrent layer, told by names only: forward, then backward.
void Candidates::bidirectional()
{
    const std::size_t half = m_weights.size() / 2;
    const Weights forward(m_weights.begin(), m_weights.begin() + static_cast<std::ptrdiff_t>(half));
    const Weights backward(m_weights.begin() + static_cast<std::ptrdiff_t>(half), m_weights.end());
    for (std::size_t i = 0; i < half; ++i)
        if (forward[i].shape != backward[i].shape)
            return;
    for (const ProposedClass& inner : classesFor(m_name, forward)) {
        if (inner.className != "LSTM" && inner.className != "GRU" && inner.className != "SimpleRNN")
            continue;
        Json config = inner.config;
        config["name"] = "inner";
        ProposedClass found{ "Bidirectional",
            { { "layer", { { "class_name", inner.className }, { "config", config } } },
                { "merge_mode", "concat" } },
            {}, contains(m_name, { "bidirectional" }) ? certain : likely, shapesText(m_weights) };
        const auto second = classesFor(m_name, backward);
        found.weights = inner.weights;
        const auto same = std::ranges::find(second, inner.className, &ProposedClass::className);
        if (same == second.end())
            continue;
        found.weights.insert(found.weights.end(), same->weights.begin(), same->weights.end());
        m_found.push_back(std::move(found));
    }
}

std::vector<ProposedClass> Candidates::find()
{
    switch (m_weights.size()) {
    case 1:
        one();
        break;
    case 2:
        two();
        break;
    case 3:
        three();
        break;
    case 4:
        four();
        bidirectional();
        break;
    case 6:
        bidirectional();
        break;
    default:
        break;
    }
    std::ranges::stable_sort(m_found, std::ranges::greater(), &ProposedClass::confidence);
    return std::move(m_found);
}

} // namespace

std::vector<ProposedClass> classesFor(const std::string& name, const Weights& weights)
{
    if (weights.empty())
        return {};
    return Candidates(name, weights).find();
}

Flow flowOf(const ProposedClass& choice, const Weights& weights)
{
    if (choice.weights.empty())
        return {};
    const auto first = std::ranges::find(weights, choice.weights.front(), &NamedShape::index);
    if (first == weights.end())
        return {};
    const Shape& shape = first->shape;
    const std::string& name = choice.className;
    if (name == "Dense")
        return { shape[0], shape[1], std::nullopt };
    if (name == "Embedding")
        return { 1, shape[1], 1 };
    if (name == "LSTM" || name == "GRU" || name == "SimpleRNN")
        return { shape[0], choice.config["units"].get<std::int64_t>(), 1 };
    if (name == "Bidirectional")
        return { shape[0], 2 * choice.config["layer"]["config"]["units"].get<std::int64_t>(), 1 };
    const std::size_t axes = shape.size() - std::min<std::size_t>(shape.size(), 2);
    if (name == "SeparableConv2D")
        return { shape[2], choice.config["filters"].get<std::int64_t>(), axes };
    if (name == "DepthwiseConv2D")
        return { shape[2], shape[2] * shape[3], axes };
    if (name.ends_with("Transpose"))
        return { shape[axes + 1], shape[axes], axes };
    if (name.starts_with("Conv"))
        return { shape[axes], shape[axes + 1], axes };
    if (name == "PReLU" && shape.size() > 1)
        return { shape.back(), std::nullopt, shape.size() - 1 };
    return { shape.back(), std::nullopt, std::nullopt };
}

} // namespace layerscope::analysis

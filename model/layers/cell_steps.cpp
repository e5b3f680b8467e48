// The arithmetic of one time step (formats.md 1.5): gate blocks i, f, c, o of an LSTM, z, r, h of a
// GRU. Source: keras.layers.LSTMCell, GRUCell, SimpleRNNCell.
#include "model/layers/recurrent_cells.h"

namespace layerscope::layers {

using ops::Builder;
using ops::Value;

namespace {

/// Dropout of a cell: one pattern for all time steps, made when first asked for.
class CellDropout
{
public:
    CellDropout(LayerLowering& call, const char* key)
        : m_call(call)
        , m_rate(call.config.number(key, 0))
    {
    }

    Value operator()(Value x)
    {
        if (!m_call.hasNoise() || !(m_rate > 0) || m_rate >= 1)
            return x;
        Builder& b = m_call.builder;
        if (!m_pattern) {
            // [batch, features], with ones for time in between.
            Shape shape = b.shape(x);
            for (std::size_t i = 1; i + 1 < shape.size(); ++i)
                shape[i] = 1;
            const Value kept = b.binary(ops::Binary::GreaterEqual, m_call.uniform(shape),
                b.scalar(m_rate, m_call.computeType));
            m_pattern = b.divide(b.cast(kept, m_call.computeType), 1 - m_rate);
        }
        return b.multiply(x, m_pattern);
    }

private:
    LayerLowering& m_call;
    double m_rate;
    Value m_pattern;
};

/// Kernel, recurrent kernel and bias. Keras 1 stores them gate by gate (W, U, b of each); `order`
/// says which of its gates stands where.
struct CellWeights
{
    Value kernel;
    Value recurrent;
    Value bias; ///< absent without use_bias

    CellWeights(LayerLowering& call, const std::vector<std::size_t>& order)
    {
        if (order.size() > 1 && call.weightCount() == 3 * order.size()) {
            kernel = joined(call, order, 0);
            recurrent = joined(call, order, 1);
            bias = joined(call, order, 2);
            return;
        }
        kernel = call.weight(0, "kernel_regularizer");
        recurrent = call.weight(1, "recurrent_regularizer");
        if (call.config.flag("use_bias", true))
            bias = call.weight(2, "bias_regularizer");
    }

    /// x · kernel + `inputBias`, where there is one: for all time steps at once.
    Value project(Builder& builder, Value x, Value inputBias) const
    {
        const Value y = builder.matmul(x, kernel);
        return inputBias ? builder.add(y, inputBias) : y;
    }

private:
    static Value joined(
        LayerLowering& call, const std::vector<std::size_t>& order, std::size_t which)
    {
        std::vector<Value> parts;
        for (const std::size_t gate : order)
            parts.push_back(call.weight(3 * gate + which));
        return call.builder.concat(parts, -1);
    }
};

/// The blocks of the last axis, `count` equal ones.
std::vector<Value> blocks(LayerLowering& call, Value x, std::size_t count)
{
    const std::int64_t width = call.length(x, -1);
    if (width % static_cast<std::int64_t>(count) != 0)
        call.fail("its weights are not made of " + std::to_string(count) + " blocks");
    auto parts = call.builder.split(
        x, -1, std::vector<std::int64_t>(count, width / static_cast<std::int64_t>(count)));
    parts.resize(count);
    return parts;
}

class SimpleCell final : public Cell
{
public:
    explicit SimpleCell(LayerLowering& call)
        : m_call(call)
        , m_weights(call, { 0 })
        , m_dropout(call, "dropout")
        , m_recurrentDropout(call, "recurrent_dropout")
    {
    }

    Value prepare(Value x) override
    {
        return m_weights.project(m_call.builder, m_dropout(x), m_weights.bias);
    }

    std::vector<Value> step(Value prepared, const std::vector<Value>& states) override
    {
        Builder& b = m_call.builder;
        const Value inner
            = b.add(prepared, b.matmul(m_recurrentDropout(states[0]), m_weights.recurrent));
        return { m_call.activate(inner, "activation", "tanh") };
    }

private:
    LayerLowering& m_call;
    CellWeights m_weights;
    CellDropout m_dropout;
    CellDropout m_recurrentDropout;
};

class LstmCell final : public Cell
{
public:
    explicit LstmCell(LayerLowering& call)
        : m_call(call)
        , m_weights(call, { 0, 2, 1, 3 }) // Keras 1 stores i, c, f, o
        , m_dropout(call, "dropout")
        , m_recurrentDropout(call, "recurrent_dropout")
    {
    }

    Value prepare(Value x) override
    {
        return m_weights.project(m_call.builder, m_dropout(x), m_weights.bias);
    }

    std::vector<Value> step(Value prepared, const std::vector<Value>& states) override
    {
        Builder& b = m_call.builder;
        const Value all
            = b.add(prepared, b.matmul(m_recurrentDropout(states[0]), m_weights.recurrent));
        const auto gates = blocks(m_call, all, 4);
        const Value in = m_call.activate(gates[0], "recurrent_activation", "sigmoid");
        const Value forget = m_call.activate(gates[1], "recurrent_activation", "sigmoid");
        const Value candidate = m_call.activate(gates[2], "activation", "tanh");
        const Value out = m_call.activate(gates[3], "recurrent_activation", "sigmoid");
        const Value carry = b.add(b.multiply(forget, states[1]), b.multiply(in, candidate));
        return { b.multiply(out, m_call.activate(carry, "activation", "tanh")), carry };
    }

private:
    LayerLowering& m_call;
    CellWeights m_weights;
    CellDropout m_dropout;
    CellDropout m_recurrentDropout;
};

class GruCell final : public Cell
{
public:
    explicit GruCell(LayerLowering& call)
        : m_call(call)
        , m_weights(call, { 0, 1, 2 })
        , m_dropout(call, "dropout")
        , m_recurrentDropout(call, "recurrent_dropout")
        // Files older than the key mean the older arithmetic (crossing.md 2.2).
        , m_resetAfter(call.config.flag("reset_after", false))
    {
        Builder& b = call.builder;
        if (!m_weights.bias)
            return;
        if (!m_resetAfter) {
            m_inputBias = m_weights.bias;
            return;
        }
        const std::int64_t width = call.length(m_weights.kernel, -1);
        const Value rows = b.reshape(m_weights.bias, { 2, width });
        m_inputBias = b.reshape(b.slice(rows, { 0, 0 }, { 1, width }), { width });
        m_recurrentBias = b.reshape(b.slice(rows, { 1, 0 }, { 2, width }), { width });
    }

    Value prepare(Value x) override
    {
        return m_weights.project(m_call.builder, m_dropout(x), m_inputBias);
    }

    std::vector<Value> step(Value prepared, const std::vector<Value>& states) override
    {
        Builder& b = m_call.builder;
        const Value h = m_recurrentDropout(states[0]);
        const auto x = blocks(m_call, prepared, 3);
        Value inner;
        Value update;
        if (m_resetAfter) {
            Value all = b.matmul(h, m_weights.recurrent);
            if (m_recurrentBias)
                all = b.add(all, m_recurrentBias);
            const auto parts = blocks(m_call, all, 3);
            update = gate(b.add(x[0], parts[0]));
            inner = b.add(x[2], b.multiply(gate(b.add(x[1], parts[1])), parts[2]));
        } else {
            const auto kernels = blocks(m_call, m_weights.recurrent, 3);
            update = gate(b.add(x[0], b.matmul(h, kernels[0])));
            const Value reset = gate(b.add(x[1], b.matmul(h, kernels[1])));
            inner = b.add(x[2], b.matmul(b.multiply(reset, h), kernels[2]));
        }
        const Value candidate = m_call.activate(inner, "activation", "tanh");
        const Value rest = b.subtract(b.filled(1, {}, b.dtype(update)), update);
        return { b.add(b.multiply(update, states[0]), b.multiply(rest, candidate)) };
    }

private:
    Value gate(Value x) { return m_call.activate(x, "recurrent_activation", "sigmoid"); }

    LayerLowering& m_call;
    CellWeights m_weights;
    CellDropout m_dropout;
    CellDropout m_recurrentDropout;
    bool m_resetAfter;
    Value m_inputBias;
    Value m_recurrentBias;
};

} // namespace

std::unique_ptr<Cell> makeCell(LayerLowering& call)
{
    const std::string& name = call.layer.className;
    if (name == "LSTM" || name == "LSTMCell")
        return std::make_unique<LstmCell>(call);
    if (name == "GRU" || name == "GRUCell")
        return std::make_unique<GruCell>(call);
    if (name == "SimpleRNN" || name == "SimpleRNNCell")
        return std::make_unique<SimpleCell>(call);
    call.fail("its cell '" + name + "' is not known", ErrorKind::Unsupported);
    return nullptr;
}

} // namespace layerscope::layers

#include "model/ops/kernels/product.h"
#include "model/ops/kernels/strided.h"
#include "model/ops/kernels/typed.h"
#include "model/ops/types/types.h"

namespace layerscope::ops {

namespace {

struct Sizes
{
    std::int64_t m = 1;
    std::int64_t k = 1;
    std::int64_t n = 1;
    Shape leading;
};

Result<Sizes> sizesOf(const ValueInfo& a, const ValueInfo& b, const Attributes& attributes)
{
    if (a.shape.size() < 2 || b.shape.size() < 2)
        return shapeMismatch("matmul: " + toString(a.shape) + " by " + toString(b.shape)
            + ", both need two axes or more");
    const bool transposedA = attributes.integer("transposeA") != 0;
    const bool transposedB = attributes.integer("transposeB") != 0;
    const auto last = [](const Shape& shape, std::size_t i) { return shape[shape.size() - i]; };
    Sizes product{ .m = last(a.shape, transposedA ? 1 : 2),
        .k = last(a.shape, transposedA ? 2 : 1),
        .n = last(b.shape, transposedB ? 2 : 1),
        .leading = {} };
    if (last(b.shape, transposedB ? 1 : 2) != product.k)
        return shapeMismatch("matmul: inner lengths differ: " + toString(a.shape)
            + (transposedA ? " (transposed)" : "") + " by " + toString(b.shape)
            + (transposedB ? " (transposed)" : ""));
    TRY(product.leading,
        broadcastShapes("matmul", Shape(a.shape.begin(), a.shape.end() - 2),
            Shape(b.shape.begin(), b.shape.end() - 2)));
    return product;
}

Infos inferMatmul(
    std::span<const ValueInfo> inputs, std::span<const bool>, const Attributes& attributes)
{
    TRY_DO(requireCount("matmul", inputs, 2));
    TRY_DO(requireSameType("matmul", inputs));
    if (inputs[0].dtype == DType::Bool)
        return shapeMismatch("matmul: no arithmetic with bool");
    TRY(Sizes product, sizesOf(inputs[0], inputs[1], attributes));
    Shape shape = std::move(product.leading);
    shape.push_back(product.m);
    shape.push_back(product.n);
    return std::vector{ ValueInfo{ inputs[0].dtype, std::move(shape) } };
}

std::vector<Value> gradientMatmul(const GradientRequest& request)
{
    Builder& builder = request.builder;
    const Value a = request.inputs[0];
    const Value b = request.inputs[1];
    const Value g = request.upstream[0];
    const bool ta = request.attributes.integer("transposeA") != 0;
    const bool tb = request.attributes.integer("transposeB") != 0;
    const auto no = Transposed::No;
    const auto yes = Transposed::Yes;
    std::vector<Value> result(2);
    if (request.needed[0]) {
        const Value da = ta ? builder.matmul(b, g, tb ? yes : no, yes)
                            : builder.matmul(g, b, no, tb ? no : yes);
        result[0] = sumToShape(builder, da, builder.shape(a));
    }
    if (request.needed[1]) {
        const Value db = tb ? builder.matmul(g, a, yes, ta ? yes : no)
                            : builder.matmul(a, g, ta ? no : yes, no);
        result[1] = sumToShape(builder, db, builder.shape(b));
    }
    return result;
}

template<class T> void multiply(const Sizes& p, const T* a, Layout as, const T* b, Layout bs, T* c)
{
    for (std::int64_t i = 0; i < p.m; ++i) {
        T* row = c + i * p.n;
        std::fill(row, row + p.n, T{ 0 });
        for (std::int64_t k = 0; k < p.k; ++k) {
            const T x = a[i * as.row + k * as.column];
            for (std::int64_t j = 0; j < p.n; ++j)
                row[j] = static_cast<T>(row[j] + x * b[k * bs.row + j * bs.column]);
        }
    }
}

Kernel floatMatmul(
    const Sizes& p, Layout as, Layout bs, const StridedWalk<2>& walk, const KernelRequest& request)
{
    const bool hasEpilogue = request.attributes.has("epilogue");
    const Product product(p.m, p.k, p.n, as, bs, request.threads,
        hasEpilogue ? enumeration<Epilogue>(request.attributes, "epilogue") : Epilogue::None);
    const bool hasBias = request.inputs.size() > 2;
    *request.scratchBytes = product.scratchBytes();
    return [=](std::span<const void* const> inputs, std::span<void* const> outputs) {
        float* c = output<float>(outputs, 0);
        const float* bias = hasBias ? input<float>(inputs, 2) : nullptr;
        walk.forEachRun([&](const std::array<std::int64_t, 2>& offsets) {
            for (std::int64_t i = 0; i < walk.runLength; ++i, c += p.m * p.n)
                product.run(input<float>(inputs, 0) + offsets[0] + i * walk.runStrides[0],
                    input<float>(inputs, 1) + offsets[1] + i * walk.runStrides[1], bias, c,
                    output<float>(outputs, 1));
        });
    };
}

Result<Kernel> prepareMatmul(const KernelRequest& request)
{
    TRY(const Sizes p, sizesOf(request.inputs[0], request.inputs[1], request.attributes));
    const auto leadingStrides = [&](const Shape& shape) {
        const Shape own(shape.begin(), shape.end() - 2);
        std::vector<std::int64_t> strides = broadcastStrides(own, p.leading);
        for (std::int64_t& stride : strides)
            stride *= shape[shape.size() - 1] * shape[shape.size() - 2];
        return strides;
    };
    const StridedWalk<2> walk(p.leading,
        { leadingStrides(request.inputs[0].shape), leadingStrides(request.inputs[1].shape) });
    const Layout as
        = request.attributes.integer("transposeA") != 0 ? Layout{ 1, p.m } : Layout{ p.k, 1 };
    const Layout bs
        = request.attributes.integer("transposeB") != 0 ? Layout{ 1, p.k } : Layout{ p.n, 1 };
    if (carriedType(request.inputs[0].dtype) == DType::Float32)
        return floatMatmul(p, as, bs, walk, request);
    return withArithmeticType("matmul", request.inputs[0].dtype, [&]<class T>(T) -> Kernel {
        return [=](std::span<const void* const> inputs, std::span<void* const> outputs) {
            T* c = output<T>(outputs, 0);
            walk.forEachRun([&](const std::array<std::int64_t, 2>& offsets) {
                for (std::int64_t i = 0; i < walk.runLength; ++i, c += p.m * p.n)
                    multiply(p, input<T>(inputs, 0) + offsets[0] + i * walk.runStrides[0], as,
                        input<T>(inputs, 1) + offsets[1] + i * walk.runStrides[1], bs, c);
            });
        };
    });
}

} // namespace

const OpType matmul_op{ .name = "matmul",
    .infer = inferMatmul,
    .gradient = gradientMatmul,
    .prepare = prepareMatmul,
    .words = "multiplies matrices" };

Value Builder::matmul(Value a, Value b, Transposed a_, Transposed b_)
{
    // One large product instead of many small ones, for the case of every Dense layer.
    if (rank(a) > 2 && rank(b) == 2 && a_ == Transposed::No && a && b) {
        Shape result = shape(a);
        const std::int64_t inner = result.back();
        Shape rows(result.begin(), result.end() - 1);
        const Value flat = matmul(reshape(a, { countOf(rows), inner }), b, a_, b_);
        result.back() = shape(flat).empty() ? 0 : shape(flat).back();
        return reshape(flat, std::move(result));
    }
    return make(matmul_op, { a, b },
        { { "transposeA", std::int64_t{ a_ == Transposed::Yes } },
            { "transposeB", std::int64_t{ b_ == Transposed::Yes } } });
}

} // namespace layerscope::ops

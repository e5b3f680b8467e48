#include "model/network/function_graph.h"

#include "model/network/network.h"

#include <unordered_map>

namespace layerscope {

namespace {

constexpr int deepestScope = 32;

/// A scope while it is being filled: places of its parts by name.
struct Scope
{
    Layer layer;
    std::vector<Scope> inner;
    std::unordered_map<std::string, std::size_t> places;

    Scope& child(const std::string& name)
    {
        const auto [place, isNew] = places.try_emplace(name, inner.size());
        if (isNew) {
            inner.emplace_back();
            inner.back().layer.name = name;
        }
        return inner[place->second];
    }
};

Layer finished(Scope scope)
{
    Layer layer = std::move(scope.layer);
    if (!scope.inner.empty())
        layer.kind = LayerKind::Subclassed;
    for (Scope& inner : scope.inner)
        layer.layers.push_back(finished(std::move(inner)));
    return layer;
}

} // namespace

Layer scopesOf(const FunctionGraph& function)
{
    Scope root;
    root.layer.name = function.name;
    root.layer.className = function.isSignature ? "signature" : "function";
    for (const FunctionNode& node : function.nodes) {
        Scope* at = &root;
        std::string rest = node.name;
        for (int depth = 0; depth < deepestScope; ++depth) {
            const auto slash = rest.find('/');
            if (slash == std::string::npos)
                break;
            at = &at->child(rest.substr(0, slash));
            rest.erase(0, slash + 1);
        }
        at->child(rest).layer.className = node.op;
    }
    return finished(std::move(root));
}

} // namespace layerscope

#include "model/formats/keras_v3_file.h"
#include "model/formats/unreadable_array.h"

#include <charconv>
#include <set>

namespace layerscope::formats {

using containers::Hdf5Dataset;
using containers::Hdf5File;
using containers::Hdf5Group;
using containers::Hdf5LinkKind;

namespace {

constexpr int deepestGroup = 200; // models in models, wrappers in wrappers
constexpr std::size_t mostGroups = 2'000'000;
constexpr std::size_t mostGroupsNamed = 20;
constexpr std::int64_t mostGroupElements = std::int64_t{ 1 } << 33;

/// "dense_10" as "dense" and 10, so that it stands behind "dense_9".
std::pair<std::string_view, std::uint64_t> nameAndNumber(std::string_view name)
{
    const std::size_t digits = name.find_last_not_of("0123456789") + 1;
    std::uint64_t number = 0;
    if (digits < name.size() && (digits == 0 || name[digits - 1] == '_')
        && std::from_chars(name.data() + digits, name.data() + name.size(), number).ec
            == std::errc())
        return { name.substr(0, digits == 0 ? 0 : digits - 1), number };
    return { name, 0 };
}

bool before(std::string_view a, std::string_view b)
{
    return nameAndNumber(a) < nameAndNumber(b);
}

std::string joined(const std::string& a, const std::string& b)
{
    return a.empty() ? b : a + "/" + b;
}

/// Reads the groups of one file into the tree.
class GroupWalk
{
public:
    GroupWalk(const V3File& file, std::size_t index, std::vector<Problem>& problems,
        const JobContext& job)
        : m_file(file)
        , m_index(index)
        , m_problems(problems)
        , m_job(job)
    {
    }

    void visit(const Hdf5Group& group, V3Group& target, int depth);

    void finish()
    {
        if (m_noted > mostGroupsNamed)
            m_problems.push_back({ Severity::Note, "/",
                std::to_string(m_noted - mostGroupsNamed)
                    + " more things in the weights are like this.",
                {} });
    }

private:
    void visitVariables(const Hdf5Group& group, V3Group& target);
    void visitMember(
        const Hdf5Group& group, const containers::Hdf5Link& link, V3Group& target, int depth);
    V3Array readArray(const Hdf5Group& group, const std::string& name, const std::string& path);

    bool mayFollow(const containers::Hdf5Link& link, const std::string& path)
    {
        if (link.name.empty()) {
            note(Severity::Warning, path, "A member has no name.");
            return false;
        }
        if (link.kind != Hdf5LinkKind::Hard) {
            note(Severity::Warning, path,
                "This is a link and is not followed: it could lead out of the file.");
            return false;
        }
        return ++m_count <= mostGroups && !m_job.stopRequested();
    }

    void note(Severity severity, const std::string& where, const std::string& what,
        const std::string& remedy = {})
    {
        if (++m_noted <= mostGroupsNamed || severity == Severity::Error)
            m_problems.push_back({ severity, where, what, remedy });
    }

    const V3File& m_file;
    std::size_t m_index;
    std::vector<Problem>& m_problems;
    const JobContext& m_job;
    std::set<std::uint64_t> m_seen; // groups by address: hard links may run in circles
    std::size_t m_count = 0;
    std::size_t m_noted = 0;
};

void GroupWalk::visit(const Hdf5Group& group, V3Group& target, int depth)
{
    const auto links = group.links();
    if (!links)
        return note(Severity::Error, "/" + target.path, links.error().message() + ".",
            "What lies in this group is lost; the rest of the file is sound.");
    m_seen.insert(group.address());
    for (const containers::Hdf5Link& link : *links)
        if (mayFollow(link, joined(target.path, link.name)))
            visitMember(group, link, target, depth);
}

void GroupWalk::visitMember(
    const Hdf5Group& group, const containers::Hdf5Link& link, V3Group& target, int depth)
{
    const std::string path = joined(target.path, link.name);
    auto inner = group.group(link.name);
    if (!inner) {
        if (group.dataset(link.name))
            return note(
                Severity::Note, path, "Keras keeps no array at such a place; it is kept as it is.");
        return note(Severity::Error, path,
            "This group cannot be read: " + inner.error().message() + ".",
            "What lies in it is lost; the rest of the file is sound.");
    }
    if (link.name == v3VariablesGroup)
        return visitVariables(*inner, target);
    if (depth >= deepestGroup)
        return note(Severity::Warning, path, "Groups are nested too deep; it is not looked into.");
    if (m_seen.contains(inner->address()))
        return note(Severity::Warning, path,
            "This group lies at another place of the file, too; it is looked at once.");
    V3Group* known = target.find(link.name);
    if (known == nullptr) {
        target.groups.push_back({ link.name, V3Group() });
        known = &target.groups.back().group;
        known->path = path;
    }
    visit(*inner, *known, depth + 1);
}

void GroupWalk::visitVariables(const Hdf5Group& group, V3Group& target)
{
    target.hasVariables = true;
    if (target.instance.empty() && group.hasAttribute("name"))
        target.instance = group.text("name").valueOr({});
    const std::string path = joined(target.path, std::string(v3VariablesGroup));
    const auto links = group.links();
    if (!links)
        return note(Severity::Error, path, links.error().message() + ".",
            "These weights are lost; the rest of the file is sound.");
    for (const containers::Hdf5Link& link : *links)
        if (mayFollow(link, joined(path, link.name)))
            target.variables.push_back(readArray(group, link.name, joined(path, link.name)));
    // By number, as they were counted; files list 0, 1, 10, 2.
    std::ranges::stable_sort(target.variables, before, &V3Array::name);
}

V3Array GroupWalk::readArray(
    const Hdf5Group& group, const std::string& name, const std::string& path)
{
    V3Array array{ name, path, m_index, {}, std::nullopt };
    Shape shape{ 0 };
    auto stored = [&]() -> Result<StoredTensor> {
        TRY(const Hdf5Dataset dataset, group.dataset(name));
        if (elementCount(dataset.shape()).value_or(mostGroupElements) < mostGroupElements)
            shape = dataset.shape();
        TRY(StoredTensor value, dataset.stored(m_file.mapped, path));
        const auto storage = dataset.storage();
        if (storage.isContiguous && storage.isNative)
            array.offset = storage.offset;
        return value;
    }();
    if (!stored) {
        note(Severity::Error, path, "This array cannot be read: " + stored.error().message() + ".",
            "The other weights are sound.");
        stored = unreadableArray(shape, std::move(stored).error().in(path));
    }
    array.asRead = *std::move(stored);
    return array;
}

void sortGroups(V3Group& group)
{
    std::ranges::stable_sort(
        group.groups, before, [](const auto& entry) -> std::string_view { return entry.name; });
    for (auto& [name, inner] : group.groups)
        sortGroups(inner);
}

/// The parts of a MultiHeadAttention are called _query_dense … up to Keras 2.15, without the
/// underscore after.
bool hasAttentionOfKeras2(const V3Group& group)
{
    for (const auto& [name, inner] : group.groups) {
        const bool isAttention = name.starts_with("multi_head_attention");
        if ((isAttention && inner.find("_query_dense") != nullptr) || hasAttentionOfKeras2(inner))
            return true;
    }
    return false;
}

} // namespace

V3Group* V3Group::find(std::string_view name)
{
    const auto found = std::ranges::find(groups, name, &V3Child::name);
    return found != groups.end() ? &found->group : nullptr;
}

const V3Group* V3Group::find(std::string_view name) const
{
    return const_cast<V3Group*>(this)->find(name);
}

bool V3Group::holdsValues() const
{
    return !variables.empty()
        || std::ranges::any_of(groups, [](const auto& entry) { return entry.group.holdsValues(); });
}

Result<V3Group> readV3Groups(
    const std::vector<V3File>& files, std::vector<Problem>& problems, const JobContext& job)
{
    V3Group root;
    std::optional<Error> failure;
    std::size_t opened = 0;
    for (std::size_t i = 0; i < files.size(); ++i) {
        const auto read = [&]() -> Result<void> {
            TRY(const Hdf5File file, Hdf5File::open(*files[i].mapped));
            TRY(const Hdf5Group group, file.root());
            for (std::string& what : file.damage())
                problems.push_back({ Severity::Error, files[i].name.empty() ? "/" : files[i].name,
                    std::move(what), "The rest of the file is sound." });
            GroupWalk walk(files[i], i, problems, job);
            walk.visit(group, root, 0);
            walk.finish();
            return {};
        }();
        if (job.stopRequested())
            return Error(ErrorKind::Stopped, "opening was stopped");
        if (read) {
            ++opened;
        } else {
            problems.push_back({ Severity::Error, files[i].name,
                "The weights cannot be read: " + read.error().message() + ".",
                "The architecture can be shown; training would start from nothing." });
            failure = read.error();
        }
    }
    if (opened == 0 && failure)
        return *std::move(failure);
    sortGroups(root);
    return root;
}

KerasGeneration generationOfGroups(const V3Group& root)
{
    if (hasAttentionOfKeras2(root))
        return KerasGeneration::Keras2;
    if (root.find(v3LayersGroup212) != nullptr || root.find(v3MetricsGroup) != nullptr)
        return KerasGeneration::Keras2;
    // Keras 3 keeps the learning rate as a variable, and (from 3.4 on) the names of objects.
    const V3Group* const optimizer = root.find(v3OptimizerGroup);
    if (!root.instance.empty() || (optimizer != nullptr && !optimizer->instance.empty()))
        return KerasGeneration::Keras3;
    const bool isKeras2 = optimizer != nullptr && optimizer->variables.size() > 1
        && !optimizer->variables[1].asRead.shape().empty();
    return isKeras2 ? KerasGeneration::Keras2 : KerasGeneration::Keras3;
}

} // namespace layerscope::formats

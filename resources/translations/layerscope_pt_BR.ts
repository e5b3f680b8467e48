<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="pt_BR" sourcelanguage="en">
<context>
    <name>DataText</name>
    <message>
        <source>Two spirals</source>
        <translation>Duas espirais</translation>
    </message>
    <message>
        <source>Two circles</source>
        <translation>Dois círculos</translation>
    </message>
    <message>
        <source>Exclusive or</source>
        <translation>Ou exclusivo</translation>
    </message>
    <message>
        <source>A plane to fit</source>
        <translation>Um plano a ajustar</translation>
    </message>
    <message>
        <source>Iris flowers</source>
        <translation>Flores de íris</translation>
    </message>
    <message>
        <source>Handwritten digits, 8 × 8</source>
        <translation>Dígitos manuscritos, 8 × 8</translation>
    </message>
</context>
<context>
    <name>FormatText</name>
    <message>
        <source>Keras archive, for Keras 3</source>
        <translation>Arquivo Keras, para o Keras 3</translation>
    </message>
    <message>
        <source>Keras archive, for Keras 2.13 to 2.15</source>
        <translation>Arquivo Keras, para o Keras 2.13 a 2.15</translation>
    </message>
    <message>
        <source>HDF5, for Keras 3</source>
        <translation>HDF5, para o Keras 3</translation>
    </message>
    <message>
        <source>HDF5, for Keras 2.11 to 2.15</source>
        <translation>HDF5, para o Keras 2.11 a 2.15</translation>
    </message>
    <message>
        <source>HDF5, for Keras up to 2.10</source>
        <translation>HDF5, para o Keras até 2.10</translation>
    </message>
    <message>
        <source>TensorFlow SavedModel</source>
        <translation>SavedModel do TensorFlow</translation>
    </message>
    <message>
        <source>TensorFlow checkpoint</source>
        <translation>Checkpoint do TensorFlow</translation>
    </message>
    <message>
        <source>HDF5 weights, for every Keras</source>
        <translation>Pesos HDF5, para qualquer Keras</translation>
    </message>
    <message>
        <source>HDF5 weights, for Keras 3</source>
        <translation>Pesos HDF5, para o Keras 3</translation>
    </message>
    <message>
        <source>HDF5 weights, for Keras 2.13 to 2.15</source>
        <translation>Pesos HDF5, para o Keras 2.13 a 2.15</translation>
    </message>
    <message>
        <source>NumPy arrays</source>
        <translation>Matrizes NumPy</translation>
    </message>
    <message>
        <source>Safetensors</source>
        <translation>Safetensors</translation>
    </message>
    <message>
        <source>Keras 3 opens this file but drops the optimizer state of every .h5, without a word. Keras 2.11 to 2.15 resumes from an .h5 in its own dialect.</source>
        <translation>O Keras 3 abre este arquivo, mas descarta sem aviso o estado do otimizador de todo .h5. O Keras 2.11 a 2.15 retoma o treino a partir de um .h5 no seu próprio dialeto.</translation>
    </message>
    <message>
        <source>The optimizer state goes along: most of the bytes are not weights.</source>
        <translation>O estado do otimizador vai junto: a maior parte dos bytes não é de pesos.</translation>
    </message>
    <message>
        <source>Models (%1)</source>
        <translation>Modelos (%1)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Todos os arquivos (*)</translation>
    </message>
    <message>
        <source>Keras 3</source>
        <translation>Keras 3</translation>
    </message>
    <message>
        <source>Keras 2.11 to 2.15</source>
        <translation>Keras 2.11 a 2.15</translation>
    </message>
    <message>
        <source>Keras up to 2.10</source>
        <translation>Keras até 2.10</translation>
    </message>
    <message>
        <source>TensorFlow</source>
        <translation>TensorFlow</translation>
    </message>
    <message>
        <source>Arrays alone</source>
        <translation>Apenas matrizes</translation>
    </message>
    <message>
        <source>load_model brings the optimizer back from this folder, slots and step count, which it does not from a SavedModel that Keras itself wrote.</source>
        <translation>load_model recupera o otimizador desta pasta, com suas variáveis e a contagem de passos, o que não faz com um SavedModel gravado pelo próprio Keras.</translation>
    </message>
    <message>
        <source>Keras asks for a name that ends in .weights.h5.</source>
        <translation>O Keras exige um nome que termine em .weights.h5.</translation>
    </message>
</context>
<context>
    <name>Histogram</name>
    <message>
        <source>%1 to %2: %3 of %4 values, %5</source>
        <translation>%1 a %2: %3 de %4 valores, %5</translation>
    </message>
    <message>
        <source>from</source>
        <translation>de</translation>
    </message>
    <message>
        <source>to</source>
        <translation>até</translation>
    </message>
    <message>
        <source>count</source>
        <translation>contagem</translation>
    </message>
    <message>
        <source>normal fit</source>
        <translation>ajuste normal</translation>
    </message>
    <message>
        <source>as drawn by %1</source>
        <translation>como sorteia %1</translation>
    </message>
</context>
<context>
    <name>InspectorText</name>
    <message>
        <source>true</source>
        <translation>sim</translation>
    </message>
    <message>
        <source>false</source>
        <translation>não</translation>
    </message>
    <message numerus="yes">
        <source>%n item(s)</source>
        <translation>
            <numerusform>%n item</numerusform>
            <numerusform>%n itens</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n more</source>
        <translation>
            <numerusform>mais %n</numerusform>
            <numerusform>mais %n</numerusform>
        </translation>
    </message>
    <message>
        <source>%1: %2 values, %3</source>
        <translation>%1: %2 valores, %3</translation>
    </message>
    <message>
        <source>Shape</source>
        <translation>Forma</translation>
    </message>
    <message>
        <source>Input</source>
        <translation>Entrada</translation>
    </message>
    <message>
        <source>Output</source>
        <translation>Saída</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>desconhecida</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>Pesos</translation>
    </message>
    <message>
        <source>not trainable</source>
        <translation>não treinável</translation>
    </message>
    <message>
        <source>Optimizer state</source>
        <translation>Estado do otimizador</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 de %2</translation>
    </message>
    <message>
        <source>Configuration</source>
        <translation>Configuração</translation>
    </message>
    <message>
        <source>Facts</source>
        <translation>Dados</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>Parâmetros</translation>
    </message>
    <message>
        <source>Trainable</source>
        <translation>Treináveis</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>sim</translation>
    </message>
    <message>
        <source>no</source>
        <translation>não</translation>
    </message>
    <message>
        <source>Number type</source>
        <translation>Tipo numérico</translation>
    </message>
    <message>
        <source>Used</source>
        <translation>Usada</translation>
    </message>
    <message numerus="yes">
        <source>%n time(s)</source>
        <translation>
            <numerusform>%n vez</numerusform>
            <numerusform>%n vezes</numerusform>
        </translation>
    </message>
    <message>
        <source>Totals</source>
        <translation>Totais</translation>
    </message>
    <message>
        <source>Not trainable</source>
        <translation>Não treináveis</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Tamanho</translation>
    </message>
    <message>
        <source>Training set-up</source>
        <translation>Preparo do treino</translation>
    </message>
    <message>
        <source>none in the file</source>
        <translation>nenhum no arquivo</translation>
    </message>
    <message>
        <source>Optimizer</source>
        <translation>Otimizador</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>Perda</translation>
    </message>
    <message>
        <source>Loss weights</source>
        <translation>Pesos das perdas</translation>
    </message>
    <message>
        <source>Metrics</source>
        <translation>Métricas</translation>
    </message>
    <message>
        <source>Weighted metrics</source>
        <translation>Métricas ponderadas</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>Passo</translation>
    </message>
    <message>
        <source>not stored</source>
        <translation>não guardado</translation>
    </message>
    <message>
        <source>Variables</source>
        <translation>Variáveis</translation>
    </message>
    <message>
        <source>each layer shows its own</source>
        <translation>cada camada mostra as suas</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Arquivo</translation>
    </message>
    <message>
        <source>Path</source>
        <translation>Caminho</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>Formato</translation>
    </message>
    <message>
        <source>Holds</source>
        <translation>Contém</translation>
    </message>
    <message>
        <source>weights only</source>
        <translation>só pesos</translation>
    </message>
    <message>
        <source>a whole model</source>
        <translation>um modelo inteiro</translation>
    </message>
    <message>
        <source>Backend</source>
        <translation>Backend</translation>
    </message>
    <message>
        <source>Notes on the file</source>
        <translation>Notas sobre o arquivo</translation>
    </message>
    <message>
        <source>Values</source>
        <translation>Valores</translation>
    </message>
    <message>
        <source>Mean</source>
        <translation>Média</translation>
    </message>
    <message>
        <source>Standard deviation</source>
        <translation>Desvio padrão</translation>
    </message>
    <message>
        <source>Minimum</source>
        <translation>Mínimo</translation>
    </message>
    <message>
        <source>Maximum</source>
        <translation>Máximo</translation>
    </message>
    <message>
        <source>Skewness</source>
        <translation>Assimetria</translation>
    </message>
    <message>
        <source>Excess kurtosis</source>
        <translation>Curtose (excesso)</translation>
    </message>
    <message>
        <source>Zeros</source>
        <translation>Zeros</translation>
    </message>
    <message>
        <source>Infinite</source>
        <translation>Infinitos</translation>
    </message>
    <message>
        <source>First values</source>
        <translation>Primeiros valores</translation>
    </message>
</context>
<context>
    <name>LossSheet</name>
    <message>
        <source>validation</source>
        <translation>validação</translation>
    </message>
    <message>
        <source>training</source>
        <translation>treino</translation>
    </message>
    <message>
        <source>epoch or step</source>
        <translation>época ou passo</translation>
    </message>
</context>
<context>
    <name>OriginText</name>
    <message numerus="yes">
        <source>%n losses</source>
        <translation>
            <numerusform>%n perda</numerusform>
            <numerusform>%n perdas</numerusform>
        </translation>
    </message>
    <message>
        <source>This file holds weights only: there is no architecture to train.</source>
        <translation>Este arquivo contém só pesos: não há arquitetura para treinar.</translation>
    </message>
    <message>
        <source>This model cannot run here because of %1.</source>
        <translation>Este modelo não pode ser executado aqui por causa de %1.</translation>
    </message>
    <message>
        <source>The file has no optimizer: training starts with a fresh one.</source>
        <translation>O arquivo não tem otimizador: o treino começa com um novo.</translation>
    </message>
    <message>
        <source>The file names %1 but holds no state of it: it starts fresh.</source>
        <translation>O arquivo indica %1, mas não guarda o estado dele: começa do zero.</translation>
    </message>
    <message>
        <source>Continues with the stored state of %1, from step %2.</source>
        <translation>Continua com o estado guardado de %1, a partir do passo %2.</translation>
    </message>
</context>
<context>
    <name>QAbstractFileIconProvider</name>
    <message>
        <source>File</source>
        <translation>Arquivo</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Pasta</translation>
    </message>
    <message>
        <source>Drive</source>
        <translation>Unidade</translation>
    </message>
    <message>
        <source>%1 File</source>
        <translation>Arquivo %1</translation>
    </message>
</context>
<context>
    <name>QAbstractSpinBox</name>
    <message>
        <source>&amp;Select All</source>
        <translation>&amp;Selecionar tudo</translation>
    </message>
    <message>
        <source>&amp;Step up</source>
        <translation>&amp;Aumentar</translation>
    </message>
    <message>
        <source>Step &amp;down</source>
        <translation>&amp;Diminuir</translation>
    </message>
</context>
<context>
    <name>QDialogButtonBox</name>
    <message>
        <source>OK</source>
        <translation>OK</translation>
    </message>
</context>
<context>
    <name>QFileDialog</name>
    <message>
        <source>Look in:</source>
        <translation>Procurar em:</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Voltar</translation>
    </message>
    <message>
        <source>Forward</source>
        <translation>Avançar</translation>
    </message>
    <message>
        <source>Parent Directory</source>
        <translation>Pasta acima</translation>
    </message>
    <message>
        <source>Create New Folder</source>
        <translation>Criar nova pasta</translation>
    </message>
    <message>
        <source>List View</source>
        <translation>Lista</translation>
    </message>
    <message>
        <source>Detail View</source>
        <translation>Detalhes</translation>
    </message>
    <message>
        <source>Sidebar</source>
        <translation>Barra lateral</translation>
    </message>
    <message>
        <source>File &amp;name:</source>
        <translation>&amp;Nome do arquivo:</translation>
    </message>
    <message>
        <source>Files of type:</source>
        <translation>Tipo dos arquivos:</translation>
    </message>
    <message>
        <source>&amp;Open</source>
        <translation>&amp;Abrir</translation>
    </message>
    <message>
        <source>&amp;Save</source>
        <translation>&amp;Salvar</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Abrir</translation>
    </message>
    <message>
        <source>Save As</source>
        <translation>Salvar como</translation>
    </message>
    <message>
        <source>Directory:</source>
        <translation>Pasta:</translation>
    </message>
    <message>
        <source>Directories</source>
        <translation>Pastas</translation>
    </message>
    <message>
        <source>All Files (*)</source>
        <translation>Todos os arquivos (*)</translation>
    </message>
    <message>
        <source>&amp;Choose</source>
        <translation>&amp;Escolher</translation>
    </message>
    <message>
        <source>Recent Places</source>
        <translation>Lugares recentes</translation>
    </message>
    <message>
        <source>&amp;Delete</source>
        <translation>&amp;Excluir</translation>
    </message>
    <message>
        <source>&amp;Rename</source>
        <translation>&amp;Renomear</translation>
    </message>
    <message>
        <source>Show &amp;hidden files</source>
        <translation>Mostrar arquivos &amp;ocultos</translation>
    </message>
    <message>
        <source>&amp;New Folder</source>
        <translation>&amp;Nova pasta</translation>
    </message>
    <message>
        <source>New Folder</source>
        <translation>Nova pasta</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Excluir</translation>
    </message>
    <message>
        <source>Find Directory</source>
        <translation>Localizar pasta</translation>
    </message>
    <message>
        <source>Go back</source>
        <translation>Voltar</translation>
    </message>
    <message>
        <source>Go forward</source>
        <translation>Avançar</translation>
    </message>
    <message>
        <source>Go to the parent directory</source>
        <translation>Ir para a pasta acima</translation>
    </message>
    <message>
        <source>Create a New Folder</source>
        <translation>Criar uma nova pasta</translation>
    </message>
    <message>
        <source>Change to list view mode</source>
        <translation>Mudar para lista</translation>
    </message>
    <message>
        <source>Change to detail view mode</source>
        <translation>Mudar para detalhes</translation>
    </message>
    <message>
        <source>List of places and bookmarks</source>
        <translation>Lista de lugares e favoritos</translation>
    </message>
    <message>
        <source>Files</source>
        <translation>Arquivos</translation>
    </message>
    <message>
        <source>%1 already exists.
Do you want to replace it?</source>
        <translation>%1 já existe.
Deseja substituí-lo?</translation>
    </message>
    <message>
        <source>%1
File not found.
Please verify the correct file name was given.</source>
        <translation>%1
Arquivo não encontrado.
Confira o nome do arquivo.</translation>
    </message>
    <message>
        <source>%1
Directory not found.
Please verify the correct directory name was given.</source>
        <translation>%1
Pasta não encontrada.
Confira o nome da pasta.</translation>
    </message>
    <message>
        <source>&apos;%1&apos; is write protected.
Do you want to delete it anyway?</source>
        <translation>&apos;%1&apos; está protegido contra gravação.
Deseja excluí-lo assim mesmo?</translation>
    </message>
    <message>
        <source>Are you sure you want to delete &apos;%1&apos;?</source>
        <translation>Excluir &apos;%1&apos;?</translation>
    </message>
    <message>
        <source>Could not delete directory.</source>
        <translation>Não foi possível excluir a pasta.</translation>
    </message>
</context>
<context>
    <name>QFileSystemModel</name>
    <message>
        <source>Name</source>
        <translation>Nome</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Tamanho</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>Tipo</translation>
    </message>
    <message>
        <source>Date Modified</source>
        <translation>Modificado em</translation>
    </message>
    <message>
        <source>My Computer</source>
        <translation>Meu computador</translation>
    </message>
    <message>
        <source>Computer</source>
        <translation>Computador</translation>
    </message>
    <message>
        <source>%1 byte(s)</source>
        <translation>%1 byte(s)</translation>
    </message>
    <message>
        <source>%1 KB</source>
        <translation>%1 KB</translation>
    </message>
    <message>
        <source>%1 MB</source>
        <translation>%1 MB</translation>
    </message>
    <message>
        <source>%1 GB</source>
        <translation>%1 GB</translation>
    </message>
</context>
<context>
    <name>QLineEdit</name>
    <message>
        <source>&amp;Undo</source>
        <translation>&amp;Desfazer</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>&amp;Refazer</translation>
    </message>
    <message>
        <source>Cu&amp;t</source>
        <translation>Recor&amp;tar</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>&amp;Copiar</translation>
    </message>
    <message>
        <source>&amp;Paste</source>
        <translation>Co&amp;lar</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Excluir</translation>
    </message>
    <message>
        <source>Select All</source>
        <translation>Selecionar tudo</translation>
    </message>
</context>
<context>
    <name>QMessageBox</name>
    <message>
        <source>Show Details...</source>
        <translation>Mostrar detalhes…</translation>
    </message>
    <message>
        <source>Hide Details...</source>
        <translation>Ocultar detalhes…</translation>
    </message>
    <message>
        <source>OK</source>
        <translation>OK</translation>
    </message>
</context>
<context>
    <name>QPlatformTheme</name>
    <message>
        <source>OK</source>
        <translation>OK</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Salvar</translation>
    </message>
    <message>
        <source>Save All</source>
        <translation>Salvar tudo</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Abrir</translation>
    </message>
    <message>
        <source>&amp;Yes</source>
        <translation>&amp;Sim</translation>
    </message>
    <message>
        <source>Yes to &amp;All</source>
        <translation>Sim para &amp;todos</translation>
    </message>
    <message>
        <source>&amp;No</source>
        <translation>&amp;Não</translation>
    </message>
    <message>
        <source>N&amp;o to All</source>
        <translation>Nã&amp;o para todos</translation>
    </message>
    <message>
        <source>Abort</source>
        <translation>Interromper</translation>
    </message>
    <message>
        <source>Retry</source>
        <translation>Tentar de novo</translation>
    </message>
    <message>
        <source>Ignore</source>
        <translation>Ignorar</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Fechar</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>Descartar</translation>
    </message>
    <message>
        <source>Help</source>
        <translation>Ajuda</translation>
    </message>
    <message>
        <source>Apply</source>
        <translation>Aplicar</translation>
    </message>
    <message>
        <source>Reset</source>
        <translation>Redefinir</translation>
    </message>
    <message>
        <source>Restore Defaults</source>
        <translation>Restaurar padrões</translation>
    </message>
</context>
<context>
    <name>QUndoGroup</name>
    <message>
        <source>Undo %1</source>
        <translation>Desfazer %1</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Desfazer</translation>
    </message>
    <message>
        <source>Redo %1</source>
        <translation>Refazer %1</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>Refazer</translation>
    </message>
</context>
<context>
    <name>QUndoStack</name>
    <message>
        <source>Undo %1</source>
        <translation>Desfazer %1</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Desfazer</translation>
    </message>
    <message>
        <source>Redo %1</source>
        <translation>Refazer %1</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>Refazer</translation>
    </message>
</context>
<context>
    <name>QWidgetTextControl</name>
    <message>
        <source>&amp;Undo</source>
        <translation>&amp;Desfazer</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>&amp;Refazer</translation>
    </message>
    <message>
        <source>Cu&amp;t</source>
        <translation>Recor&amp;tar</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>&amp;Copiar</translation>
    </message>
    <message>
        <source>Copy &amp;Link Location</source>
        <translation>Copiar endereço do &amp;link</translation>
    </message>
    <message>
        <source>&amp;Paste</source>
        <translation>Co&amp;lar</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Excluir</translation>
    </message>
    <message>
        <source>Select All</source>
        <translation>Selecionar tudo</translation>
    </message>
</context>
<context>
    <name>Statistics</name>
    <message>
        <source>count</source>
        <translation>contagem</translation>
    </message>
    <message>
        <source>mean</source>
        <translation>média</translation>
    </message>
    <message>
        <source>std</source>
        <translation>desvio</translation>
    </message>
    <message>
        <source>min</source>
        <translation>mín</translation>
    </message>
    <message>
        <source>max</source>
        <translation>máx</translation>
    </message>
    <message>
        <source>zeros</source>
        <translation>zeros</translation>
    </message>
    <message>
        <source>NaN</source>
        <translation>NaN</translation>
    </message>
    <message>
        <source>Inf</source>
        <translation>Inf</translation>
    </message>
</context>
<context>
    <name>TrainingCurves</name>
    <message>
        <source>validation</source>
        <translation>validação</translation>
    </message>
    <message>
        <source>training</source>
        <translation>treino</translation>
    </message>
    <message>
        <source>before</source>
        <translation>antes</translation>
    </message>
</context>
<context>
    <name>WeightItem</name>
    <message>
        <source>scalar</source>
        <translation>escalar</translation>
    </message>
</context>
<context>
    <name>layerscope::app::Actions</name>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Arquivo</translation>
    </message>
    <message>
        <source>&amp;Open…</source>
        <translation>&amp;Abrir…</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Abrir</translation>
    </message>
    <message>
        <source>Open sa&amp;mple</source>
        <translation>Abrir e&amp;xemplo</translation>
    </message>
    <message>
        <source>&amp;Recent</source>
        <translation>&amp;Recentes</translation>
    </message>
    <message>
        <source>&amp;Save</source>
        <translation>&amp;Salvar</translation>
    </message>
    <message>
        <source>Save &amp;as…</source>
        <translation>Salvar &amp;como…</translation>
    </message>
    <message>
        <source>&amp;Export weights…</source>
        <translation>&amp;Exportar pesos…</translation>
    </message>
    <message>
        <source>Export weights</source>
        <translation>Exportar pesos</translation>
    </message>
    <message>
        <source>Re&amp;load</source>
        <translation>Re&amp;carregar</translation>
    </message>
    <message>
        <source>&amp;Close</source>
        <translation>&amp;Fechar</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>Sai&amp;r</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>&amp;Editar</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>&amp;Desfazer</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>&amp;Refazer</translation>
    </message>
    <message>
        <source>&amp;Find layer</source>
        <translation>&amp;Localizar camada</translation>
    </message>
    <message>
        <source>Go to the &amp;layer tree</source>
        <translation>Ir para a á&amp;rvore de camadas</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>E&amp;xibir</translation>
    </message>
    <message>
        <source>&amp;Weights</source>
        <translation>&amp;Pesos</translation>
    </message>
    <message>
        <source>&amp;Training</source>
        <translation>&amp;Treino</translation>
    </message>
    <message>
        <source>&amp;Expand all</source>
        <translation>&amp;Expandir tudo</translation>
    </message>
    <message>
        <source>&amp;Collapse all</source>
        <translation>&amp;Recolher tudo</translation>
    </message>
    <message>
        <source>T&amp;heme</source>
        <translation>Te&amp;ma</translation>
    </message>
    <message>
        <source>&amp;Language</source>
        <translation>&amp;Idioma</translation>
    </message>
    <message>
        <source>&amp;Full screen</source>
        <translation>&amp;Tela cheia</translation>
    </message>
    <message>
        <source>Like the &amp;system</source>
        <translation>Como o &amp;sistema</translation>
    </message>
    <message>
        <source>&amp;Light</source>
        <translation>&amp;Claro</translation>
    </message>
    <message>
        <source>&amp;Dark</source>
        <translation>&amp;Escuro</translation>
    </message>
    <message>
        <source>&amp;Train</source>
        <translation>&amp;Treinar</translation>
    </message>
    <message>
        <source>&amp;Pause</source>
        <translation>&amp;Pausar</translation>
    </message>
    <message>
        <source>One &amp;step</source>
        <translation>Um pa&amp;sso</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>Passo</translation>
    </message>
    <message>
        <source>St&amp;op</source>
        <translation>Pa&amp;rar</translation>
    </message>
    <message>
        <source>Train or pa&amp;use</source>
        <translation>Treinar ou pa&amp;usar</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>A&amp;juda</translation>
    </message>
    <message>
        <source>&amp;About Layerscope</source>
        <translation>&amp;Sobre o Layerscope</translation>
    </message>
    <message>
        <source>Tool bar</source>
        <translation>Barra de ferramentas</translation>
    </message>
    <message>
        <source>&amp;Go on</source>
        <translation>&amp;Continuar</translation>
    </message>
    <message>
        <source>About Layerscope</source>
        <translation>Sobre o Layerscope</translation>
    </message>
    <message>
        <source>Opens saved Keras models, explains them, trains them further and saves them so that Keras resumes.

Nothing in a file is ever executed. Free software under the GNU General Public License, version 3 or later.</source>
        <translation>Abre modelos salvos do Keras, explica-os, continua o treino e salva-os de modo que o Keras o retome.

Nada do que há em um arquivo é executado. Software livre sob a Licença Pública Geral GNU, versão 3 ou posterior.</translation>
    </message>
    <message>
        <source>&amp;Model</source>
        <translation>&amp;Modelo</translation>
    </message>
    <message>
        <source>&amp;Attach architecture…</source>
        <translation>&amp;Anexar arquitetura…</translation>
    </message>
    <message>
        <source>&amp;Propose architecture…</source>
        <translation>&amp;Propor arquitetura…</translation>
    </message>
</context>
<context>
    <name>layerscope::app::DockTitle</name>
    <message>
        <source>Close</source>
        <translation>Fechar</translation>
    </message>
</context>
<context>
    <name>layerscope::app::Document</name>
    <message numerus="yes">
        <source>Train %n epoch(s)</source>
        <translation>
            <numerusform>Treinar %n época</numerusform>
            <numerusform>Treinar %n épocas</numerusform>
        </translation>
    </message>
    <message>
        <source>Train a few steps</source>
        <translation>Treinar alguns passos</translation>
    </message>
    <message numerus="yes">
        <source>Trained %n epoch(s), loss %1.</source>
        <translation>
            <numerusform>%n época treinada, perda %1.</numerusform>
            <numerusform>%n épocas treinadas, perda %1.</numerusform>
        </translation>
    </message>
    <message>
        <source>Trained a few steps, loss %1.</source>
        <translation>Alguns passos treinados, perda %1.</translation>
    </message>
    <message>
        <source>Training ended before the first step; nothing has changed.</source>
        <translation>O treino terminou antes do primeiro passo; nada mudou.</translation>
    </message>
    <message>
        <source>Finding output shapes</source>
        <translation>Calculando as formas de saída</translation>
    </message>
</context>
<context>
    <name>layerscope::app::DocumentCloser</name>
    <message>
        <source>Unsaved changes</source>
        <translation>Alterações não salvas</translation>
    </message>
    <message>
        <source>Save the changes to %1?</source>
        <translation>Salvar as alterações de %1?</translation>
    </message>
    <message>
        <source>Without saving, what was trained since the last save is lost.</source>
        <translation>Sem salvar, perde-se o que foi treinado desde a última vez.</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Salvar</translation>
    </message>
    <message>
        <source>Close without saving</source>
        <translation>Fechar sem salvar</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
</context>
<context>
    <name>layerscope::app::DocumentPage</name>
    <message>
        <source>Weights</source>
        <translation>Pesos</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>Treino</translation>
    </message>
    <message>
        <source>weights only</source>
        <translation>só pesos</translation>
    </message>
    <message>
        <source>no optimizer state</source>
        <translation>sem estado do otimizador</translation>
    </message>
    <message>
        <source>%1 at step %2</source>
        <translation>%1 no passo %2</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Exportar</translation>
    </message>
    <message>
        <source>Exported %1.</source>
        <translation>%1 foi exportado.</translation>
    </message>
    <message>
        <source>%1 cannot be written: %2</source>
        <translation>Não é possível gravar %1: %2</translation>
    </message>
</context>
<context>
    <name>layerscope::app::MainWindow</name>
    <message>
        <source>Saving failed</source>
        <translation>Não foi possível salvar</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>Camadas</translation>
    </message>
    <message>
        <source>Inspector</source>
        <translation>Inspetor</translation>
    </message>
    <message>
        <source>Jobs and messages</source>
        <translation>Tarefas e mensagens</translation>
    </message>
    <message>
        <source>%1 cannot be opened</source>
        <translation>%1 não pode ser aberto</translation>
    </message>
    <message>
        <source>Training stopped</source>
        <translation>O treino parou</translation>
    </message>
    <message>
        <source>Open a model</source>
        <translation>Abrir um modelo</translation>
    </message>
    <message>
        <source>Replace file</source>
        <translation>Substituir arquivo</translation>
    </message>
    <message>
        <source>%1 was changed by another program since it was opened. Replace it?</source>
        <translation>%1 foi alterado por outro programa depois de aberto. Substituir?</translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>Substituir</translation>
    </message>
    <message>
        <source>%1 was changed by another program.</source>
        <translation>%1 foi alterado por outro programa.</translation>
    </message>
    <message>
        <source>Reload</source>
        <translation>Recarregar</translation>
    </message>
    <message>
        <source>Layerscope ended before this was saved: %1.</source>
        <translation>O Layerscope terminou antes que isto fosse salvo: %1.</translation>
    </message>
    <message>
        <source>Recover</source>
        <translation>Recuperar</translation>
    </message>
    <message>
        <source>Throw away</source>
        <translation>Descartar</translation>
    </message>
    <message>
        <source>%1 holds weights without an architecture; %2 has one.</source>
        <translation>%1 contém pesos sem arquitetura; %2 tem uma.</translation>
    </message>
    <message>
        <source>Attach it…</source>
        <translation>Anexar…</translation>
    </message>
</context>
<context>
    <name>layerscope::app::SaveDialog</name>
    <message>
        <source>Export weights</source>
        <translation>Exportar pesos</translation>
    </message>
    <message>
        <source>Save as</source>
        <translation>Salvar como</translation>
    </message>
    <message>
        <source>With the optimizer state (the model has none)</source>
        <translation>Com o estado do otimizador (o modelo não tem)</translation>
    </message>
    <message>
        <source>With the optimizer state (%1, %2)</source>
        <translation>Com o estado do otimizador (%1, %2)</translation>
    </message>
    <message>
        <source>Browse…</source>
        <translation>Procurar…</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Salvar</translation>
    </message>
    <message>
        <source>&amp;Format</source>
        <translation>&amp;Formato</translation>
    </message>
    <message>
        <source>Fi&amp;le</source>
        <translation>Ar&amp;quivo</translation>
    </message>
    <message>
        <source>Replace file</source>
        <translation>Substituir arquivo</translation>
    </message>
    <message>
        <source>%1 exists. Replace it?</source>
        <translation>%1 já existe. Substituir?</translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>Substituir</translation>
    </message>
    <message>
        <source>&amp;Whole model, about %1</source>
        <translation>&amp;Modelo inteiro, cerca de %1</translation>
    </message>
    <message>
        <source>Weights and o&amp;ptimizer state, about %1</source>
        <translation>Pesos e estado do o&amp;timizador, cerca de %1</translation>
    </message>
    <message>
        <source>Weights &amp;only, about %1</source>
        <translation>&amp;Apenas os pesos, cerca de %1</translation>
    </message>
    <message>
        <source>It cannot be saved so: %1</source>
        <translation>Não pode ser salvo assim: %1</translation>
    </message>
</context>
<context>
    <name>layerscope::app::Session</name>
    <message>
        <source>Opening %1</source>
        <translation>Abrindo %1</translation>
    </message>
    <message>
        <source>Saving %1</source>
        <translation>Salvando %1</translation>
    </message>
    <message numerus="yes">
        <source>Saved %1: %n tensor(s) read back and found equal.</source>
        <translation>
            <numerusform>%1 salvo: %n tensor relido e igual.</numerusform>
            <numerusform>%1 salvo: %n tensores relidos e iguais.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>layerscope::app::StatisticsCollector</name>
    <message>
        <source>Reading values</source>
        <translation>Lendo os valores</translation>
    </message>
</context>
<context>
    <name>layerscope::app::TrainingBinding</name>
    <message>
        <source>Choose the data to train on.</source>
        <translation>Escolha os dados para o treino.</translation>
    </message>
    <message>
        <source>Choose data</source>
        <translation>Escolher dados</translation>
    </message>
    <message>
        <source>Tables and arrays (*.csv *.npz)</source>
        <translation>Tabelas e matrizes (*.csv *.npz)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Todos os arquivos (*)</translation>
    </message>
    <message>
        <source>Reading %1</source>
        <translation>Lendo %1</translation>
    </message>
</context>
<context>
    <name>layerscope::views::Banner</name>
    <message>
        <source>Close</source>
        <translation>Fechar</translation>
    </message>
</context>
<context>
    <name>layerscope::views::CurvePlot</name>
    <message>
        <source>Curves of %1</source>
        <translation>Curvas de %1</translation>
    </message>
    <message>
        <source>%1 at %2 %3: %4</source>
        <comment>curve at epoch 3: 0.5</comment>
        <translation>%1 em %2 %3: %4</translation>
    </message>
</context>
<context>
    <name>layerscope::views::ExportButton</name>
    <message>
        <source>Picture (PNG)…</source>
        <translation>Imagem (PNG)…</translation>
    </message>
    <message>
        <source>Drawing (SVG)…</source>
        <translation>Desenho (SVG)…</translation>
    </message>
    <message>
        <source>Document (PDF)…</source>
        <translation>Documento (PDF)…</translation>
    </message>
    <message>
        <source>Table (CSV)…</source>
        <translation>Tabela (CSV)…</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Exportar</translation>
    </message>
</context>
<context>
    <name>layerscope::views::HistogramCard</name>
    <message>
        <source>not trainable</source>
        <translation>não treinável</translation>
    </message>
    <message>
        <source>Figures of %1</source>
        <translation>Números de %1</translation>
    </message>
    <message>
        <source>Reading the values…</source>
        <translation>Lendo os valores…</translation>
    </message>
    <message>
        <source>This array has no elements.</source>
        <translation>Este tensor não tem elementos.</translation>
    </message>
    <message numerus="yes">
        <source>None of the %n value(s) is a finite number.</source>
        <translation>
            <numerusform>O único valor não é um número finito.</numerusform>
            <numerusform>Nenhum dos %n valores é um número finito.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>layerscope::views::HistogramGrid</name>
    <message>
        <source>reading…</source>
        <translation>lendo…</translation>
    </message>
    <message>
        <source>no elements</source>
        <translation>sem elementos</translation>
    </message>
    <message>
        <source>no finite value</source>
        <translation>nenhum valor finito</translation>
    </message>
    <message>
        <source>⚠ %1 not finite</source>
        <translation>⚠ %1 não finitos</translation>
    </message>
    <message>
        <source>Histograms of all layers</source>
        <translation>Histogramas de todas as camadas</translation>
    </message>
</context>
<context>
    <name>layerscope::views::HistogramPlot</name>
    <message>
        <source>Histogram of %1</source>
        <translation>Histograma de %1</translation>
    </message>
</context>
<context>
    <name>layerscope::views::Inspector</name>
    <message>
        <source>Facts about the selection</source>
        <translation>Dados da seleção</translation>
    </message>
    <message>
        <source>Copy value</source>
        <translation>Copiar valor</translation>
    </message>
    <message>
        <source>Copy with names</source>
        <translation>Copiar com nomes</translation>
    </message>
</context>
<context>
    <name>layerscope::views::JobLine</name>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
    <message>
        <source>stopping</source>
        <translation>parando</translation>
    </message>
</context>
<context>
    <name>layerscope::views::JobsView</name>
    <message>
        <source>Messages</source>
        <translation>Mensagens</translation>
    </message>
</context>
<context>
    <name>layerscope::views::LayerItemModel</name>
    <message>
        <source>no</source>
        <translation>não</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>sim</translation>
    </message>
    <message>
        <source>partly</source>
        <translation>em parte</translation>
    </message>
    <message>
        <source>Unknown: there is no shape rule for %1 in this place.</source>
        <translation>Desconhecida: não há regra de forma para %1 neste lugar.</translation>
    </message>
    <message>
        <source>This layer has no weights.</source>
        <translation>Esta camada não tem pesos.</translation>
    </message>
    <message>
        <source>%1 parameters, %2 of them trainable</source>
        <translation>%1 parâmetros, dos quais %2 treináveis</translation>
    </message>
    <message>
        <source>Some weights are not finite (NaN or infinite).</source>
        <translation>Alguns pesos não são finitos (NaN ou infinitos).</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Nome</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>Tipo</translation>
    </message>
    <message>
        <source>Output shape</source>
        <translation>Forma de saída</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>Parâmetros</translation>
    </message>
    <message>
        <source>Trainable</source>
        <translation>Treinável</translation>
    </message>
</context>
<context>
    <name>layerscope::views::LayerTree</name>
    <message>
        <source>Filter layers</source>
        <translation>Filtrar camadas</translation>
    </message>
    <message>
        <source>Words in the name or type, and
type:Conv2D   name:block*   params&gt;1e6
trainable:no   nan:true   -type:Dropout</source>
        <translation>Palavras do nome ou do tipo, e
type:Conv2D   name:block*   params&gt;1e6
trainable:no   nan:true   -type:Dropout</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>Camadas</translation>
    </message>
    <message>
        <source>No layer matches.</source>
        <translation>Nenhuma camada corresponde.</translation>
    </message>
    <message>
        <source>“%1” is not understood.</source>
        <translation>“%1” não foi entendido.</translation>
    </message>
    <message>
        <source>Copy name</source>
        <translation>Copiar nome</translation>
    </message>
    <message>
        <source>Copy row</source>
        <translation>Copiar linha</translation>
    </message>
    <message>
        <source>Copy table</source>
        <translation>Copiar tabela</translation>
    </message>
    <message>
        <source>Expand all</source>
        <translation>Expandir tudo</translation>
    </message>
    <message>
        <source>Collapse all</source>
        <translation>Recolher tudo</translation>
    </message>
    <message numerus="yes">
        <source>%n layer(s)</source>
        <translation>
            <numerusform>%n camada</numerusform>
            <numerusform>%n camadas</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 parameters</source>
        <translation>%1 parâmetros</translation>
    </message>
</context>
<context>
    <name>layerscope::views::PropertyItemModel</name>
    <message>
        <source>Property</source>
        <translation>Propriedade</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Valor</translation>
    </message>
</context>
<context>
    <name>layerscope::views::PulseGrid</name>
    <message>
        <source>gradient %1</source>
        <translation>gradiente %1</translation>
    </message>
    <message>
        <source>update %1</source>
        <translation>atualização %1</translation>
    </message>
    <message>
        <source>Gradient norm and update ratio of each layer</source>
        <translation>Norma do gradiente e razão de atualização de cada camada</translation>
    </message>
</context>
<context>
    <name>layerscope::views::PulseItemModel</name>
    <message>
        <source>not finite</source>
        <translation>não finito</translation>
    </message>
    <message>
        <source>hardly moves</source>
        <translation>quase parada</translation>
    </message>
    <message>
        <source>moves fast</source>
        <translation>muda depressa</translation>
    </message>
    <message>
        <source>%1
Gradient norm %2
Update ratio %3 (about 0.001 is usual)</source>
        <translation>%1
Norma do gradiente %2
Razão de atualização %3 (o usual é cerca de 0,001)</translation>
    </message>
</context>
<context>
    <name>layerscope::views::StartPage</name>
    <message>
        <source>Drop a model here</source>
        <translation>Solte um modelo aqui</translation>
    </message>
    <message>
        <source>Open…</source>
        <translation>Abrir…</translation>
    </message>
    <message>
        <source>Samples</source>
        <translation>Exemplos</translation>
    </message>
    <message>
        <source>Recent</source>
        <translation>Recentes</translation>
    </message>
    <message>
        <source>No samples are installed.</source>
        <translation>Não há exemplos instalados.</translation>
    </message>
    <message>
        <source>Nothing was opened yet.</source>
        <translation>Nada foi aberto ainda.</translation>
    </message>
    <message>
        <source>Opens %1, by content and not by name.</source>
        <translation>Abre %1, pelo conteúdo e não pelo nome.</translation>
    </message>
</context>
<context>
    <name>layerscope::views::TrainingBoard</name>
    <message>
        <source>Loss</source>
        <translation>Perda</translation>
    </message>
    <message>
        <source>Learning rate</source>
        <translation>Taxa de aprendizado</translation>
    </message>
    <message>
        <source>epoch</source>
        <translation>época</translation>
    </message>
    <message>
        <source>step</source>
        <translation>passo</translation>
    </message>
    <message>
        <source>Horizontal axis</source>
        <translation>Eixo horizontal</translation>
    </message>
    <message>
        <source>What the curves are drawn over</source>
        <translation>Em função do que se desenham as curvas</translation>
    </message>
    <message>
        <source>Smoothing</source>
        <translation>Suavização</translation>
    </message>
    <message>
        <source>Exponential moving average over batches; the raw curve stays pale behind it</source>
        <translation>Média móvel exponencial dos lotes; a curva original fica clara ao fundo</translation>
    </message>
    <message>
        <source>S&amp;moothing</source>
        <translation>Suavi&amp;zação</translation>
    </message>
    <message>
        <source>&amp;Log loss</source>
        <translation>Perda em &amp;log</translation>
    </message>
    <message>
        <source>Loss axis in powers of ten (L)</source>
        <translation>Eixo da perda em potências de dez (L)</translation>
    </message>
    <message>
        <source>&amp;Follow</source>
        <translation>&amp;Seguir</translation>
    </message>
    <message>
        <source>Keep the newest point in sight</source>
        <translation>Manter à vista o ponto mais novo</translation>
    </message>
    <message>
        <source>Layer by la&amp;yer</source>
        <translation>Camada por &amp;camada</translation>
    </message>
    <message>
        <source>Gradient norm and update ratio of each layer; costs a little time in each step</source>
        <translation>Norma do gradiente e razão de atualização de cada camada; custa um pouco de tempo a cada passo</translation>
    </message>
    <message>
        <source>No loss yet.
This file holds no loss history, and nothing has been trained: press Start.</source>
        <translation>Ainda não há perda.
Este arquivo não guarda histórico e nada foi treinado: clique em Iniciar.</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>Treino</translation>
    </message>
</context>
<context>
    <name>layerscope::views::TrainingForm</name>
    <message>
        <source>Optimizer</source>
        <translation>Otimizador</translation>
    </message>
    <message>
        <source>How weights follow their gradients</source>
        <translation>Como os pesos seguem os gradientes</translation>
    </message>
    <message>
        <source>Learning rate</source>
        <translation>Taxa de aprendizado</translation>
    </message>
    <message>
        <source>Can be changed while training: it holds from the next step on</source>
        <translation>Pode mudar durante o treino: vale a partir do próximo passo</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>Perda</translation>
    </message>
    <message>
        <source>What training makes small; the file names none</source>
        <translation>O que o treino torna pequeno; o arquivo não indica nenhuma</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>Dados</translation>
    </message>
    <message>
        <source>What to learn from</source>
        <translation>Com o que aprender</translation>
    </message>
    <message>
        <source>Batch size</source>
        <translation>Tamanho do lote</translation>
    </message>
    <message>
        <source>Rows in each step</source>
        <translation>Linhas em cada passo</translation>
    </message>
    <message>
        <source>Epochs</source>
        <translation>Épocas</translation>
    </message>
    <message>
        <source>Passes over all rows</source>
        <translation>Passagens por todas as linhas</translation>
    </message>
    <message>
        <source>Validation share</source>
        <translation>Parte para validação</translation>
    </message>
    <message>
        <source>The last rows are kept aside and measured after each epoch</source>
        <translation>As últimas linhas ficam à parte e são medidas depois de cada época</translation>
    </message>
    <message>
        <source> %</source>
        <translation> %</translation>
    </message>
    <message>
        <source>S&amp;huffle</source>
        <translation>E&amp;mbaralhar</translation>
    </message>
    <message>
        <source>Another order of the rows in each epoch</source>
        <translation>Outra ordem das linhas em cada época</translation>
    </message>
    <message>
        <source>The same seed gives the same run</source>
        <translation>A mesma semente dá o mesmo treino</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Semente</translation>
    </message>
    <message>
        <source>S&amp;eed</source>
        <translation>S&amp;emente</translation>
    </message>
    <message>
        <source>The columns to predict</source>
        <translation>As colunas a prever</translation>
    </message>
    <message>
        <source>%1, started afresh</source>
        <comment>optimizer</comment>
        <translation>%1, desde o início</translation>
    </message>
    <message>
        <source>its schedule</source>
        <translation>o cronograma dele</translation>
    </message>
    <message>
        <source>no data</source>
        <translation>sem dados</translation>
    </message>
    <message>
        <source>File…</source>
        <translation>Arquivo…</translation>
    </message>
    <message>
        <source>%1 rows</source>
        <translation>%1 linhas</translation>
    </message>
    <message>
        <source>rows not counted yet</source>
        <translation>linhas ainda não contadas</translation>
    </message>
    <message>
        <source>Predict %1</source>
        <translation>Prever %1</translation>
    </message>
    <message>
        <source>Continue with %1 at learning rate %2 from step %3, batches of %4, %5 epochs, on %6 (%7, %8 kept for validation).</source>
        <extracomment>Each %n stands for a control: optimizer, learning rate, step, batch size, epochs, data, number of rows, share kept for validation. Punctuation may touch it.</extracomment>
        <translation>Continuar com %1 à taxa de aprendizado %2 a partir do passo %3, em lotes de %4, por %5 épocas, com %6 (%7, %8 para validação).</translation>
    </message>
    <message>
        <source>Start with %1 at learning rate %2, batches of %4, %5 epochs, on %6 (%7, %8 kept for validation).</source>
        <extracomment>As before, without a step: the optimizer starts with empty slots.</extracomment>
        <translation>Começar com %1 à taxa de aprendizado %2, em lotes de %4, por %5 épocas, com %6 (%7, %8 para validação).</translation>
    </message>
    <message>
        <source>Make %9 small.</source>
        <extracomment>%9 stands for the control that chooses the loss.</extracomment>
        <translation>Tornar %9 pequena.</translation>
    </message>
    <message>
        <source>The learning rate is not a number above 0.</source>
        <translation>A taxa de aprendizado não é um número acima de 0.</translation>
    </message>
    <message>
        <source>Choose data to learn from.</source>
        <translation>Escolha os dados com que aprender.</translation>
    </message>
</context>
<context>
    <name>layerscope::views::TrainingView</name>
    <message>
        <source>S&amp;tep</source>
        <translation>Pa&amp;sso</translation>
    </message>
    <message>
        <source>St&amp;op</source>
        <translation>Pa&amp;rar</translation>
    </message>
    <message>
        <source>One batch, then pause</source>
        <translation>Um lote e depois pausa</translation>
    </message>
    <message>
        <source>End the run after the step under way</source>
        <translation>Terminar o treino depois do passo em andamento</translation>
    </message>
    <message>
        <source>Keep what was trained?</source>
        <translation>Manter o que foi treinado?</translation>
    </message>
    <message>
        <source>&amp;Discard</source>
        <translation>&amp;Descartar</translation>
    </message>
    <message>
        <source>Weights, optimizer state and history stay; Undo works later too</source>
        <translation>Ficam pesos, estado do otimizador e histórico; Desfazer também funciona depois</translation>
    </message>
    <message>
        <source>The model stays as it was before this run</source>
        <translation>O modelo fica como era antes deste treino</translation>
    </message>
    <message>
        <source>&amp;Pause</source>
        <translation>&amp;Pausar</translation>
    </message>
    <message>
        <source>&amp;Continue</source>
        <translation>&amp;Continuar</translation>
    </message>
    <message>
        <source>&amp;Start</source>
        <translation>&amp;Iniciar</translation>
    </message>
    <message>
        <source>epoch %1/%2</source>
        <translation>época %1/%2</translation>
    </message>
    <message>
        <source>loss %1</source>
        <translation>perda %1</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>Treino</translation>
    </message>
    <message>
        <source>%1 steps/s</source>
        <translation>%1 passos/s</translation>
    </message>
    <message>
        <source>&amp;Keep</source>
        <translation>&amp;Manter</translation>
    </message>
</context>
<context>
    <name>layerscope::views::WeightsControls</name>
    <message>
        <source>&amp;Log count</source>
        <translation>Contagem em &amp;log</translation>
    </message>
    <message>
        <source>S&amp;ymlog value</source>
        <translation>Valor em &amp;symlog</translation>
    </message>
    <message>
        <source>&amp;Guides</source>
        <translation>&amp;Guias</translation>
    </message>
    <message>
        <source>&amp;All layers</source>
        <translation>&amp;Todas as camadas</translation>
    </message>
    <message>
        <source>Count axis in powers of ten (L)</source>
        <translation>Eixo da contagem em potências de dez (L)</translation>
    </message>
    <message>
        <source>Value axis in powers of ten on both sides of 0</source>
        <translation>Eixo dos valores em potências de dez dos dois lados de 0</translation>
    </message>
    <message>
        <source>The normal distribution of the same mean and deviation, and what the initializer draws</source>
        <translation>A distribuição normal de mesma média e desvio, e o que o inicializador sorteia</translation>
    </message>
    <message>
        <source>Every weight of the model as a small histogram</source>
        <translation>Cada peso do modelo como um pequeno histograma</translation>
    </message>
    <message>
        <source>&amp;Bins</source>
        <translation>&amp;Faixas</translation>
    </message>
    <message>
        <source>auto</source>
        <translation>auto</translation>
    </message>
    <message>
        <source>Number of equal bins from the smallest to the largest value; &quot;auto&quot; follows the Freedman–Diaconis rule</source>
        <translation>Número de faixas iguais do menor ao maior valor; &quot;auto&quot; segue a regra de Freedman–Diaconis</translation>
    </message>
    <message>
        <source>Number of bins</source>
        <translation>Número de faixas</translation>
    </message>
    <message>
        <source>Save the histograms as a picture or a table</source>
        <translation>Salvar os histogramas como imagem ou tabela</translation>
    </message>
    <message>
        <source>values</source>
        <translation>valores</translation>
    </message>
    <message>
        <source>The weights themselves</source>
        <translation>Os próprios pesos</translation>
    </message>
    <message>
        <source>The optimizer&apos;s variable &quot;%1&quot; for each weight</source>
        <translation>A variável &quot;%1&quot; do otimizador para cada peso</translation>
    </message>
</context>
<context>
    <name>layerscope::views::WeightsView</name>
    <message>
        <source>No optimizer state in this file</source>
        <translation>Não há estado do otimizador neste arquivo</translation>
    </message>
    <message>
        <source>Optimizer: %1, step %2</source>
        <translation>Otimizador: %1, passo %2</translation>
    </message>
    <message>
        <source>Optimizer: %1</source>
        <translation>Otimizador: %1</translation>
    </message>
    <message>
        <source>Open a model to see its weights.</source>
        <translation>Abra um modelo para ver os pesos.</translation>
    </message>
    <message>
        <source>This model has no weights.</source>
        <translation>Este modelo não tem pesos.</translation>
    </message>
    <message>
        <source>The optimizer keeps no &quot;%1&quot; for this layer: its weights are not trained.</source>
        <translation>O otimizador não guarda &quot;%1&quot; para esta camada: os pesos dela não são treinados.</translation>
    </message>
    <message>
        <source>&quot;%1&quot; has no weights.
Select another layer, or show all layers.</source>
        <translation>&quot;%1&quot; não tem pesos.
Selecione outra camada ou mostre todas.</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>Pesos</translation>
    </message>
</context>
<context>
    <name>layerscope::app::ArchitectureBinding</name>
    <message>
        <source>Architecture for %1</source>
        <translation>Arquitetura para %1</translation>
    </message>
    <message>
        <source>Opening %1</source>
        <translation>Abrindo %1</translation>
    </message>
    <message>
        <source>%1 cannot be opened</source>
        <translation>Não é possível abrir %1</translation>
    </message>
    <message>
        <source>Attach architecture</source>
        <translation>Anexar arquitetura</translation>
    </message>
    <message>
        <source>No architecture can be proposed</source>
        <translation>Nenhuma arquitetura pode ser proposta</translation>
    </message>
    <message>
        <source>Use the proposed architecture</source>
        <translation>Usar a arquitetura proposta</translation>
    </message>
</context>
<context>
    <name>layerscope::app::AttachDialog</name>
    <message>
        <source>By name</source>
        <translation>Por nome</translation>
    </message>
    <message>
        <source>By class and number, as .weights.h5 names them</source>
        <translation>Por classe e número, como nos arquivos .weights.h5</translation>
    </message>
    <message>
        <source>By position, layer after layer</source>
        <translation>Por posição, camada por camada</translation>
    </message>
    <message>
        <source>In their order, weight after weight</source>
        <translation>Na ordem, peso por peso</translation>
    </message>
    <message>
        <source>fits</source>
        <translation>encaixa</translation>
    </message>
    <message>
        <source>missing</source>
        <translation>falta</translation>
    </message>
    <message>
        <source>extra</source>
        <translation>sobra</translation>
    </message>
    <message>
        <source>other shape</source>
        <translation>outra forma</translation>
    </message>
    <message>
        <source>Attach architecture</source>
        <translation>Anexar arquitetura</translation>
    </message>
    <message>
        <source>The first way that fits</source>
        <translation>A primeira maneira que encaixar</translation>
    </message>
    <message>
        <source>Weights and their places</source>
        <translation>Os pesos e seus lugares</translation>
    </message>
    <message>
        <source>Attach</source>
        <translation>Anexar</translation>
    </message>
    <message>
        <source>Architecture</source>
        <translation>Arquitetura</translation>
    </message>
    <message>
        <source>&amp;Pair weights</source>
        <translation>&amp;Associar pesos</translation>
    </message>
    <message numerus="yes">
        <source>All %n weight(s) fit. Paired: %1.</source>
        <translation>
            <numerusform>%n peso encaixa. Associação: %1.</numerusform>
            <numerusform>Todos os %n pesos encaixam. Associação: %1.</numerusform>
        </translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>Camada</translation>
    </message>
    <message>
        <source>Weight</source>
        <translation>Peso</translation>
    </message>
    <message>
        <source>Expected</source>
        <translation>Esperado</translation>
    </message>
    <message>
        <source>Found</source>
        <translation>Encontrado</translation>
    </message>
    <message>
        <source>Found as</source>
        <translation>Encontrado como</translation>
    </message>
</context>
<context>
    <name>layerscope::app::ChangesPanel</name>
    <message>
        <source>What changes</source>
        <translation>O que muda</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>Onde</translation>
    </message>
    <message>
        <source>Now</source>
        <translation>Agora</translation>
    </message>
    <message>
        <source>Then</source>
        <translation>Depois</translation>
    </message>
    <message numerus="yes">
        <source>What changes: %n place(s)</source>
        <translation>
            <numerusform>O que muda: %n lugar</numerusform>
            <numerusform>O que muda: %n lugares</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>layerscope::app::ProposeDialog</name>
    <message>
        <source>Propose architecture</source>
        <translation>Propor arquitetura</translation>
    </message>
    <message>
        <source>Proposed layers</source>
        <translation>Camadas propostas</translation>
    </message>
    <message>
        <source>The file holds no architecture. From shapes and names it may be this one; a class that can be another shows the others when it is clicked.</source>
        <translation>O arquivo não contém arquitetura. Pelas formas e pelos nomes, pode ser esta; uma classe que pode ser outra mostra as demais quando é clicada.</translation>
    </message>
    <message>
        <source>Use this architecture</source>
        <translation>Usar esta arquitetura</translation>
    </message>
    <message>
        <source>Input of one example: %1</source>
        <translation>Entrada de um exemplo: %1</translation>
    </message>
    <message>
        <source>Weights do not tell activations: they are taken as linear.</source>
        <translation>Os pesos não revelam as ativações: são tomadas como lineares.</translation>
    </message>
</context>
<context>
    <name>layerscope::views::ProposalItemModel</name>
    <message>
        <source>unknown</source>
        <translation>desconhecida</translation>
    </message>
    <message>
        <source>no class that is known has these weights</source>
        <translation>nenhuma classe conhecida tem estes pesos</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>Camada</translation>
    </message>
    <message>
        <source>Proposed class</source>
        <translation>Classe proposta</translation>
    </message>
    <message>
        <source>Sure</source>
        <translation>Certeza</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>Por quê</translation>
    </message>
</context>
</TS>

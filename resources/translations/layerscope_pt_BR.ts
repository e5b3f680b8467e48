<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="pt_BR" sourcelanguage="en">
<context>
    <name>CloseButton</name>
    <message>
        <source>Close Tab</source>
        <translation>Fechar a aba</translation>
    </message>
</context>
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
    <name>DoctorText</name>
    <message>
        <source>Save as… (%1)</source>
        <translation>Salvar como… (%1)</translation>
    </message>
    <message>
        <source>Remove the training set-up</source>
        <translation>Remover a configuração de treino</translation>
    </message>
    <message>
        <source>Remove the optimizer&apos;s state</source>
        <translation>Remover o estado do otimizador</translation>
    </message>
    <message>
        <source>Give names of their own</source>
        <translation>Dar nomes próprios</translation>
    </message>
    <message>
        <source>Open %1</source>
        <translation>Abrir %1</translation>
    </message>
    <message>
        <source>Attach an architecture…</source>
        <translation>Anexar uma arquitetura…</translation>
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
    <message>
        <source>HDF5 weights in several files, for Keras 3</source>
        <translation>Pesos em HDF5 em vários arquivos, para o Keras 3</translation>
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
        <translation>Configuração de treino</translation>
    </message>
    <message>
        <source>none in the file</source>
        <translation>ausente</translation>
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
        <translation>Este modelo não pode ser executado aqui: %1.</translation>
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
    <name>QDockWidget</name>
    <message>
        <source>Close</source>
        <translation>Fechar</translation>
    </message>
    <message>
        <source>Float</source>
        <translation>Soltar</translation>
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
    <name>QTabBar</name>
    <message>
        <source>Scroll Left</source>
        <translation>Rolar para a esquerda</translation>
    </message>
    <message>
        <source>Scroll Right</source>
        <translation>Rolar para a direita</translation>
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
    <name>doctor</name>
    <message>
        <source>A whole Keras model in an HDF5 file (.h5).</source>
        <translation>Um modelo Keras completo em um arquivo HDF5 (.h5).</translation>
    </message>
    <message>
        <source>Weights of a Keras model in an HDF5 file, without architecture.</source>
        <translation>Pesos de um modelo Keras em um arquivo HDF5, sem arquitetura.</translation>
    </message>
    <message>
        <source>A whole Keras model in a .keras archive.</source>
        <translation>Um modelo Keras completo em um arquivo .keras.</translation>
    </message>
    <message>
        <source>Weights of a Keras model in the newer layout (.weights.h5).</source>
        <translation>Pesos de um modelo Keras no formato mais novo (.weights.h5).</translation>
    </message>
    <message>
        <source>A TensorFlow SavedModel with Keras&apos;s layers.</source>
        <translation>Um SavedModel do TensorFlow com as camadas do Keras.</translation>
    </message>
    <message>
        <source>A TensorFlow SavedModel without Keras&apos;s layers: a graph to run.</source>
        <translation>Um SavedModel do TensorFlow sem as camadas do Keras: um grafo para executar.</translation>
    </message>
    <message>
        <source>A TensorFlow checkpoint: values and no architecture.</source>
        <translation>Um checkpoint do TensorFlow: valores, sem arquitetura.</translation>
    </message>
    <message>
        <source>Arrays by name, without architecture.</source>
        <translation>Arrays por nome, sem arquitetura.</translation>
    </message>
    <message>
        <source>Written by tf_keras %1.</source>
        <translation>Gravado pelo tf_keras %1.</translation>
    </message>
    <message>
        <source>Written by Keras %1.</source>
        <translation>Gravado pelo Keras %1.</translation>
    </message>
    <message>
        <source>Written by TensorFlow %1.</source>
        <translation>Gravado pelo TensorFlow %1.</translation>
    </message>
    <message>
        <source>It does not say who wrote it.</source>
        <translation>O arquivo não diz quem o gravou.</translation>
    </message>
    <message>
        <source>It does not say who wrote it; by its contents Keras %1.</source>
        <translation>O arquivo não diz quem o gravou; pelo conteúdo, Keras %1.</translation>
    </message>
    <message>
        <source>No optimizer.</source>
        <translation>Sem otimizador.</translation>
    </message>
    <message>
        <source>Optimizer %1, without any state.</source>
        <translation>Otimizador %1, sem estado.</translation>
    </message>
    <message>
        <source>Optimizer %1, dialect %2, %3 slots, step not stored.</source>
        <translation>Otimizador %1, dialeto %2, %3 slots, passo não gravado.</translation>
    </message>
    <message>
        <source>Optimizer %1, dialect %2, %3 slots, step %4.</source>
        <translation>Otimizador %1, dialeto %2, %3 slots, passo %4.</translation>
    </message>
    <message>
        <source>the file&apos;s kind by its contents, not its name</source>
        <translation>o tipo do arquivo pelo conteúdo, não pelo nome</translation>
    </message>
    <message>
        <source>structure and length of the file</source>
        <translation>estrutura e tamanho do arquivo</translation>
    </message>
    <message>
        <source>This Lambda layer names a Python function that is not in the file.</source>
        <translation>Esta camada Lambda cita uma função Python que não está no arquivo.</translation>
    </message>
    <message>
        <source>This Lambda layer is Python code: %1 bytes in the file.</source>
        <translation>Esta camada Lambda é código Python: %1 bytes no arquivo.</translation>
    </message>
    <message>
        <source>This Lambda layer is Python code: %1 bytes, made by Python %2.</source>
        <translation>Esta camada Lambda é código Python: %1 bytes, feitos pelo Python %2.</translation>
    </message>
    <message>
        <source>Code in a model can do anything to the computer that runs it, and only the very Python that made it can read it (bad marshal data). Keras 2.13 and later refuse it in safe mode. It is never run here.</source>
        <translation>O código dentro de um modelo pode fazer qualquer coisa no computador que o executa, e só o Python que o fez consegue lê-lo (bad marshal data). O Keras 2.13 e os posteriores o recusam no modo seguro. Aqui ele nunca é executado.</translation>
    </message>
    <message>
        <source>The other layers and all weights are sound and can be exported. In Keras, write the layer anew as a class of its own.</source>
        <translation>As outras camadas e todos os pesos estão íntegros e podem ser exportados. No Keras, escreva a camada de novo como uma classe própria.</translation>
    </message>
    <message>
        <source>This layer (TFSMLayer) would load another model from somewhere.</source>
        <translation>Esta camada (TFSMLayer) carregaria outro modelo de algum lugar.</translation>
    </message>
    <message>
        <source>A model that pulls in another one can run code that nobody looked at. That is never done here.</source>
        <translation>Um modelo que puxa outro pode executar código que ninguém examinou. Aqui isso nunca é feito.</translation>
    </message>
    <message>
        <source>Open that model by itself.</source>
        <translation>Abra esse modelo à parte.</translation>
    </message>
    <message>
        <source>Classes that are not Keras&apos;s own: %1.</source>
        <translation>Classes que não são do próprio Keras: %1.</translation>
    </message>
    <message>
        <source>Keras loads the file only where their Python code is at hand (Unknown layer: … custom_objects); nothing can compute them here.</source>
        <translation>O Keras só carrega o arquivo onde o código Python delas está à mão (Unknown layer: … custom_objects); aqui nada consegue calculá-las.</translation>
    </message>
    <message>
        <source>Give the classes to load_model as custom_objects. Here their configuration and weights are shown, kept and saved unchanged.</source>
        <translation>Passe as classes a load_model como custom_objects. Aqui a configuração e os pesos delas são mostrados, mantidos e salvos sem mudança.</translation>
    </message>
    <message>
        <source>Functions that are not Keras&apos;s own: %1.</source>
        <translation>Funções que não são do próprio Keras: %1.</translation>
    </message>
    <message>
        <source>Keras loads the file only where their Python code is at hand; nothing can compute them here.</source>
        <translation>O Keras só carrega o arquivo onde o código Python delas está à mão; aqui nada consegue calculá-las.</translation>
    </message>
    <message>
        <source>Give the functions to load_model as custom_objects. Here they are kept and saved unchanged.</source>
        <translation>Passe as funções a load_model como custom_objects. Aqui elas são mantidas e salvas sem mudança.</translation>
    </message>
    <message>
        <source>Save a copy for the Keras that is to read it.</source>
        <translation>Salve uma cópia para o Keras que vai lê-la.</translation>
    </message>
    <message>
        <source>The configuration of convolutions holds the key groups: %1.</source>
        <translation>A configuração de convoluções contém a chave groups: %1.</translation>
    </message>
    <message>
        <source>Keras 3 refuses the whole file for it (Unrecognized keyword arguments passed to DepthwiseConv2D: {&apos;groups&apos;: 1}), as it does every export of Teachable Machine.</source>
        <translation>Por isso o Keras 3 recusa o arquivo inteiro (Unrecognized keyword arguments passed to DepthwiseConv2D: {&apos;groups&apos;: 1}), como faz com toda exportação do Teachable Machine.</translation>
    </message>
    <message>
        <source>The configuration of recurrent layers holds the key time_major: %1.</source>
        <translation>A configuração de camadas recorrentes contém a chave time_major: %1.</translation>
    </message>
    <message>
        <source>Keras 3 refuses the whole file for it (Unrecognized keyword arguments: time_major).</source>
        <translation>Por isso o Keras 3 recusa o arquivo inteiro (Unrecognized keyword arguments: time_major).</translation>
    </message>
    <message>
        <source>The axis of BatchNormalization is written as a list: %1.</source>
        <translation>O eixo de BatchNormalization está escrito como lista: %1.</translation>
    </message>
    <message>
        <source>Keras 3 stops at it in a .keras file (int() argument must be … not &apos;list&apos;).</source>
        <translation>Em um arquivo .keras o Keras 3 para aí (int() argument must be … not &apos;list&apos;).</translation>
    </message>
    <message>
        <source>TensorFlow operations stand in the graph as layers: %1.</source>
        <translation>Operações do TensorFlow estão no grafo como camadas: %1.</translation>
    </message>
    <message>
        <source>Keras 3 has no such layers and refuses the whole file.</source>
        <translation>O Keras 3 não tem essas camadas e recusa o arquivo inteiro.</translation>
    </message>
    <message>
        <source>Operations of Keras 3 stand in the graph: %1.</source>
        <translation>Operações do Keras 3 estão no grafo: %1.</translation>
    </message>
    <message>
        <source>Keras 3 does not find all of them again in its own .h5 files (Unknown layer); in a .keras file it does.</source>
        <translation>O Keras 3 não reencontra todas elas em seus próprios arquivos .h5 (Unknown layer); em um arquivo .keras, sim.</translation>
    </message>
    <message>
        <source>Names with characters that TensorFlow refuses in names: %1.</source>
        <translation>Nomes com caracteres que o TensorFlow recusa em nomes: %1.</translation>
    </message>
    <message>
        <source>Keras 2 wrote this file and does not load it again (is not a valid root scope name).</source>
        <translation>O Keras 2 gravou este arquivo e não o carrega de volta (is not a valid root scope name).</translation>
    </message>
    <message>
        <source>Save it for Keras 3, which takes such names.</source>
        <translation>Salve-o para o Keras 3, que aceita esses nomes.</translation>
    </message>
    <message>
        <source>The model holds SpectralNormalization: %1.</source>
        <translation>O modelo contém SpectralNormalization: %1.</translation>
    </message>
    <message>
        <source>Keras 2.15 does not load it, not even from a file of its own.</source>
        <translation>O Keras 2.15 não a carrega, nem mesmo de um arquivo seu.</translation>
    </message>
    <message>
        <source>Weights are stored as bfloat16, which HDF5 does not know as numbers.</source>
        <translation>Os pesos estão gravados como bfloat16, que o HDF5 não conhece como número.</translation>
    </message>
    <message>
        <source>Keras does not read them back (No cast function available).</source>
        <translation>O Keras não os lê de volta (No cast function available).</translation>
    </message>
    <message>
        <source>Save it as .keras for Keras 3.</source>
        <translation>Salve como .keras para o Keras 3.</translation>
    </message>
    <message>
        <source>classes, functions and code in the architecture</source>
        <translation>classes, funções e código na arquitetura</translation>
    </message>
    <message>
        <source>keys that one Keras refuses to read from another</source>
        <translation>chaves que um Keras recusa ao ler de outro</translation>
    </message>
    <message>
        <source>%1 % of the file is here at most: it ends at byte %2, and goes on to byte %3 at least.</source>
        <translation>No máximo %1 % do arquivo está aqui: ele termina no byte %2 e iria pelo menos até o byte %3.</translation>
    </message>
    <message>
        <source>%1 % of the file is here: it ends at byte %2 of %3. What comes after is lost.</source>
        <translation>%1 % do arquivo está aqui: ele termina no byte %2 de %3. O que vem depois se perdeu.</translation>
    </message>
    <message>
        <source>Keras refuses the whole file (truncated file: eof, stored_eof): a download or a copy was broken off, or the disk was full.</source>
        <translation>O Keras recusa o arquivo inteiro (truncated file: eof, stored_eof): um download ou uma cópia foi interrompida, ou o disco estava cheio.</translation>
    </message>
    <message>
        <source>Copy or download it again. These members are intact: %1.</source>
        <translation>Copie ou baixe de novo. Estas partes estão intactas: %1.</translation>
    </message>
    <message>
        <source>Copy or download it again. The weights of these layers are intact: %1.</source>
        <translation>Copie ou baixe de novo. Os pesos destas camadas estão intactos: %1.</translation>
    </message>
    <message>
        <source>Copy or download it again.</source>
        <translation>Copie ou baixe de novo.</translation>
    </message>
    <message>
        <source>This is a sound Keras HDF5 model under the name .keras, as Keras %1 writes it.</source>
        <translation>Este é um modelo Keras HDF5 íntegro com o nome .keras, como o Keras %1 grava.</translation>
    </message>
    <message>
        <source>Keras 3 takes every .keras file for a zip archive and says that this one is not found (Please ensure the file is an accessible `.keras` zip file).</source>
        <translation>O Keras 3 toma todo arquivo .keras por um zip e diz que este não foi encontrado (Please ensure the file is an accessible `.keras` zip file).</translation>
    </message>
    <message>
        <source>Rename it to .h5, or save it as .keras for Keras 3.</source>
        <translation>Renomeie para .h5 ou salve como .keras para o Keras 3.</translation>
    </message>
    <message>
        <source>The name of this Keras HDF5 model does not end in .h5.</source>
        <translation>O nome deste modelo Keras HDF5 não termina em .h5.</translation>
    </message>
    <message>
        <source>Keras 3 goes by the name and refuses it (File format not supported; Invalid filepath extension).</source>
        <translation>O Keras 3 se guia pelo nome e o recusa (File format not supported; Invalid filepath extension).</translation>
    </message>
    <message>
        <source>Rename it to .h5.</source>
        <translation>Renomeie para .h5.</translation>
    </message>
    <message>
        <source>This is a .keras archive under another name.</source>
        <translation>Este é um arquivo .keras com outro nome.</translation>
    </message>
    <message>
        <source>Keras goes by the name: it takes it for HDF5 (file signature not found), or refuses it (The filepath provided must end in `.keras`).</source>
        <translation>O Keras se guia pelo nome: toma-o por HDF5 (file signature not found) ou o recusa (The filepath provided must end in `.keras`).</translation>
    </message>
    <message>
        <source>Rename it to .keras.</source>
        <translation>Renomeie para .keras.</translation>
    </message>
    <message>
        <source>This is a weights file of the newer layout, and its name does not end in .weights.h5.</source>
        <translation>Este é um arquivo de pesos do formato mais novo, e seu nome não termina em .weights.h5.</translation>
    </message>
    <message>
        <source>Keras 3 refuses the name (The filename must end in `.weights.h5`); under .h5 load_weights takes it for the old layout.</source>
        <translation>O Keras 3 recusa o nome (The filename must end in `.weights.h5`); com .h5, load_weights o toma pelo formato antigo.</translation>
    </message>
    <message>
        <source>Rename it so that it ends in .weights.h5.</source>
        <translation>Renomeie para que termine em .weights.h5.</translation>
    </message>
    <message>
        <source>Weights of %1 layers, no architecture: %2.</source>
        <translation>Pesos de %1 camadas, sem arquitetura: %2.</translation>
    </message>
    <message>
        <source>load_model cannot open it (No model config found in the file); load_weights can, into a model of exactly these layers. ModelCheckpoint writes such files for subclassed models without saying so.</source>
        <translation>load_model não consegue abri-lo (No model config found in the file); load_weights consegue, em um modelo com exatamente estas camadas. O ModelCheckpoint grava arquivos assim para modelos derivados de Model, sem avisar.</translation>
    </message>
    <message>
        <source>Attach the architecture from another file of the same model.</source>
        <translation>Anexe a arquitetura de outro arquivo do mesmo modelo.</translation>
    </message>
    <message>
        <source>The layout is that of Keras 2.12 (_layer_checkpoint_dependencies), where layers are numbered in another way.</source>
        <translation>O formato é o do Keras 2.12 (_layer_checkpoint_dependencies), onde as camadas são numeradas de outro modo.</translation>
    </message>
    <message>
        <source>Keras 2.13 and later read no weights from it (Layer expected 2 variables, but received 0 variables during loading).</source>
        <translation>O Keras 2.13 e os posteriores não leem pesos dele (Layer expected 2 variables, but received 0 variables during loading).</translation>
    </message>
    <message>
        <source>Save it anew for Keras 2.15 or Keras 3.</source>
        <translation>Salve de novo para o Keras 2.15 ou o Keras 3.</translation>
    </message>
    <message>
        <source>This is a TensorFlow SavedModel with Keras&apos;s layers, training set-up and all.</source>
        <translation>Este é um SavedModel do TensorFlow com as camadas do Keras, configuração de treino e tudo.</translation>
    </message>
    <message>
        <source>load_model of Keras 3 refuses every SavedModel (File format not supported … TFSMLayer).</source>
        <translation>O load_model do Keras 3 recusa todo SavedModel (File format not supported … TFSMLayer).</translation>
    </message>
    <message>
        <source>This SavedModel is an inference graph: no layers, no training set-up, no optimizer (there is no keras_metadata.pb).</source>
        <translation>Este SavedModel é um grafo de inferência: sem camadas, sem configuração de treino, sem otimizador (não há keras_metadata.pb).</translation>
    </message>
    <message>
        <source>Keras cannot load it as a model (SavedModel saved prior to TF 2.5 detected); weights can be looked at and exported.</source>
        <translation>O Keras não consegue carregá-lo como modelo (SavedModel saved prior to TF 2.5 detected); os pesos podem ser vistos e exportados.</translation>
    </message>
    <message>
        <source>To train on, open the .keras or .h5 file of the same model.</source>
        <translation>Para continuar o treino, abra o arquivo .keras ou .h5 do mesmo modelo.</translation>
    </message>
    <message>
        <source>The file says: keras_version %1, backend %2.</source>
        <translation>O arquivo diz: keras_version %1, backend %2.</translation>
    </message>
    <message>
        <source>By these two attributes Keras turns kernels of Keras 1 and of Theano around; where they are wrong, or models are nested, it fails (axes don&apos;t match array).</source>
        <translation>Por esses dois atributos o Keras gira os kernels do Keras 1 e do Theano; onde eles estão errados, ou há modelos aninhados, ele falha (axes don&apos;t match array).</translation>
    </message>
    <message>
        <source>Save it for Keras 2.15: the weights are then in today&apos;s order.</source>
        <translation>Salve para o Keras 2.15: os pesos ficam na ordem de hoje.</translation>
    </message>
    <message>
        <source>The file is fine, but it is of the time of TensorFlow 2.3 and before.</source>
        <translation>O arquivo está bom, mas é do tempo do TensorFlow 2.3 ou anterior.</translation>
    </message>
    <message>
        <source>TensorFlow 2.3 and before fail on every file where h5py 3 is installed (&apos;str&apos; object has no attribute &apos;decode&apos;).</source>
        <translation>O TensorFlow 2.3 e os anteriores falham com qualquer arquivo onde o h5py 3 está instalado (&apos;str&apos; object has no attribute &apos;decode&apos;).</translation>
    </message>
    <message>
        <source>There, install h5py older than 3; later TensorFlow needs nothing.</source>
        <translation>Ali, instale um h5py anterior ao 3; o TensorFlow posterior não precisa de nada.</translation>
    </message>
    <message>
        <source>Several layers of one model have the same name: %1.</source>
        <translation>Várias camadas de um modelo têm o mesmo nome: %1.</translation>
    </message>
    <message>
        <source>Keras refuses such a model (all layer names should be unique), and an .h5 file cannot hold both (name already exists).</source>
        <translation>O Keras recusa um modelo assim (all layer names should be unique), e um arquivo .h5 não comporta ambas (name already exists).</translation>
    </message>
    <message>
        <source>Give them names of their own.</source>
        <translation>Dê-lhes nomes próprios.</translation>
    </message>
    <message>
        <source>Names of weights collide in an .h5 file: %1.</source>
        <translation>Nomes de pesos colidem em um arquivo .h5: %1.</translation>
    </message>
    <message>
        <source>Keras cannot save the model as .h5 (Unable to create link, dataset or group: name already exists) and leaves half a file.</source>
        <translation>O Keras não consegue salvar o modelo como .h5 (Unable to create link, dataset or group: name already exists) e deixa meio arquivo.</translation>
    </message>
    <message>
        <source>The names of the optimizer&apos;s variables take %1 bytes, more than one HDF5 attribute holds.</source>
        <translation>Os nomes das variáveis do otimizador ocupam %1 bytes, mais do que cabe em um atributo HDF5.</translation>
    </message>
    <message>
        <source>Older Keras cannot save this model as .h5 (object header message is too large).</source>
        <translation>O Keras mais antigo não consegue salvar este modelo como .h5 (object header message is too large).</translation>
    </message>
    <message>
        <source>Saved from here, the list is split in parts as newer Keras does.</source>
        <translation>Salva daqui, a lista é dividida em partes, como faz o Keras mais novo.</translation>
    </message>
    <message>
        <source>Several variables of the optimizer have the same name: %1.</source>
        <translation>Várias variáveis do otimizador têm o mesmo nome: %1.</translation>
    </message>
    <message>
        <source>An .h5 file keeps one of them only, so that the optimizer&apos;s state is not complete.</source>
        <translation>Um arquivo .h5 guarda só uma delas, e assim o estado do otimizador não fica completo.</translation>
    </message>
    <message>
        <source>Save as .keras, which keeps them by number.</source>
        <translation>Salve como .keras, que as guarda por número.</translation>
    </message>
    <message>
        <source>names that collide in an .h5 file</source>
        <translation>nomes que colidem em um arquivo .h5</translation>
    </message>
    <message>
        <source>Keras starts a fresh optimizer; the first updates differ.</source>
        <translation>O Keras começa um otimizador novo; as primeiras atualizações diferem.</translation>
    </message>
    <message>
        <source>Keras cannot open it meanwhile (Unable to lock file). It was opened here for reading without a lock.</source>
        <translation>Enquanto isso o Keras não consegue abri-lo (Unable to lock file). Aqui ele foi aberto só para leitura, sem trava.</translation>
    </message>
    <message>
        <source>Keras refuses to load it (Weight count mismatch for layer): a bias was switched on or off, or the weights are of another model.</source>
        <translation>O Keras se recusa a carregá-lo (Weight count mismatch for layer): um viés foi ligado ou desligado, ou os pesos são de outro modelo.</translation>
    </message>
    <message>
        <source>Keras refuses to load it (Layer count mismatch when loading weights from file).</source>
        <translation>O Keras se recusa a carregá-lo (Layer count mismatch when loading weights from file).</translation>
    </message>
    <message>
        <source>Keras refuses to load it (You are trying to load a weight file containing more layers than the model has).</source>
        <translation>O Keras se recusa a carregá-lo (You are trying to load a weight file containing more layers than the model has).</translation>
    </message>
    <message>
        <source>Keras pairs weights with layers by position here, not by name; load_weights with by_name would leave them out.</source>
        <translation>Aqui o Keras pareia pesos e camadas pela posição, não pelo nome; load_weights com by_name os deixaria de fora.</translation>
    </message>
    <message>
        <source>Keras refuses to load it (Shape mismatch in layer).</source>
        <translation>O Keras se recusa a carregá-lo (Shape mismatch in layer).</translation>
    </message>
    <message>
        <source>Keras starts a fresh optimizer instead (Error in loading the saved optimizer state).</source>
        <translation>O Keras começa então um otimizador novo (Error in loading the saved optimizer state).</translation>
    </message>
    <message>
        <source>Training can continue only with another optimizer.</source>
        <translation>O treino só pode continuar com outro otimizador.</translation>
    </message>
    <message>
        <source>Keras starts a fresh optimizer instead.</source>
        <translation>O Keras começa então um otimizador novo.</translation>
    </message>
    <message>
        <source>Keras cannot load the model while one array is missing.</source>
        <translation>O Keras não consegue carregar o modelo enquanto falta um array.</translation>
    </message>
    <message>
        <source>Keras loads the layer only where that function is at hand.</source>
        <translation>O Keras só carrega a camada onde essa função está à mão.</translation>
    </message>
    <message>
        <source>A link in a model can lead to any file of the computer that opens it; Keras follows it.</source>
        <translation>Um link em um modelo pode levar a qualquer arquivo do computador que o abre; o Keras o segue.</translation>
    </message>
    <message>
        <source>Keras passes over it.</source>
        <translation>O Keras passa por cima.</translation>
    </message>
    <message>
        <source>A newer Keras may keep things that are not understood here.</source>
        <translation>Um Keras mais novo pode guardar coisas que não se entendem aqui.</translation>
    </message>
    <message>
        <source>Keras 2 then takes the file for one of Keras 1 and may turn its kernels around.</source>
        <translation>O Keras 2 então toma o arquivo por um do Keras 1 e pode girar seus kernels.</translation>
    </message>
    <message>
        <source>Keras refuses to build such a model.</source>
        <translation>O Keras se recusa a construir um modelo assim.</translation>
    </message>
    <message>
        <source>After the next save by Keras the file looks different.</source>
        <translation>Depois do próximo salvamento pelo Keras, o arquivo fica diferente.</translation>
    </message>
    <message>
        <source>Keras passes over them.</source>
        <translation>O Keras passa por cima deles.</translation>
    </message>
    <message>
        <source>Keras says of it: Unable to open file (file signature not found).</source>
        <translation>O Keras diz dele: Unable to open file (file signature not found).</translation>
    </message>
    <message>
        <source>Save the model as .keras or .h5 from the program that made it, if that can.</source>
        <translation>Salve o modelo como .keras ou .h5 no programa que o fez, se ele puder.</translation>
    </message>
    <message>
        <source>Keras says of it: No file or directory found, or SavedModel file does not exist.</source>
        <translation>O Keras diz dele: No file or directory found, ou SavedModel file does not exist.</translation>
    </message>
    <message>
        <source>Check the name and the folder.</source>
        <translation>Confira o nome e a pasta.</translation>
    </message>
    <message>
        <source>Check what the link leads to.</source>
        <translation>Confira aonde o link leva.</translation>
    </message>
    <message>
        <source>Run &apos;git lfs pull&apos; in the repository, or download the file itself from its page.</source>
        <translation>Execute &apos;git lfs pull&apos; no repositório ou baixe o próprio arquivo da página dele.</translation>
    </message>
    <message>
        <source>Open the link in a browser to see what the page says, then download the file itself.</source>
        <translation>Abra o link em um navegador para ver o que a página diz e depois baixe o próprio arquivo.</translation>
    </message>
    <message>
        <source>Keras says of it: Unable to open file (truncated file).</source>
        <translation>O Keras diz dele: Unable to open file (truncated file).</translation>
    </message>
    <message>
        <source>No program of yours can read it.</source>
        <translation>Nenhum programa seu consegue lê-lo.</translation>
    </message>
    <message>
        <source>Ask its owner, or run &apos;chmod +r&apos; on it.</source>
        <translation>Peça ao dono ou execute &apos;chmod +r&apos; nele.</translation>
    </message>
    <message>
        <source>Keras says of it: SavedModel file does not exist, or File format not supported.</source>
        <translation>O Keras diz dela: SavedModel file does not exist, ou File format not supported.</translation>
    </message>
    <message>
        <source>Open a model in it.</source>
        <translation>Abra um modelo dentro dela.</translation>
    </message>
    <message>
        <source>A pickle is a program: whoever opens it runs it. Keras refuses it (File format not supported).</source>
        <translation>Um pickle é um programa: quem o abre o executa. O Keras o recusa (File format not supported).</translation>
    </message>
    <message>
        <source>Save the model with model.save(&apos;name.keras&apos;) in Keras.</source>
        <translation>Salve o modelo com model.save(&apos;nome.keras&apos;) no Keras.</translation>
    </message>
    <message>
        <source>Keras needs the archive whole.</source>
        <translation>O Keras precisa do arquivo inteiro.</translation>
    </message>
    <message>
        <source>Unpack it first.</source>
        <translation>Descompacte-o primeiro.</translation>
    </message>
    <message>
        <source>It tells how the model is built; its weights are in another file.</source>
        <translation>Ele conta como o modelo é construído; os pesos estão em outro arquivo.</translation>
    </message>
    <message>
        <source>Open the file of weights, and attach this architecture to it.</source>
        <translation>Abra o arquivo de pesos e anexe a ele esta arquitetura.</translation>
    </message>
    <message>
        <source>An .index file tells where values lie; the .data files hold them.</source>
        <translation>Um arquivo .index diz onde estão os valores; os arquivos .data os contêm.</translation>
    </message>
    <message>
        <source>Put the .index file and all .data files into one folder.</source>
        <translation>Ponha o arquivo .index e todos os arquivos .data em uma mesma pasta.</translation>
    </message>
    <message>
        <source>Keras says of it: No model config found in the file.</source>
        <translation>O Keras diz dele: No model config found in the file.</translation>
    </message>
    <message>
        <source>Keras cannot open it either.</source>
        <translation>O Keras também não consegue abri-lo.</translation>
    </message>
    <message>
        <source>The file holds no training set-up: no loss, no optimizer.</source>
        <translation>O arquivo não contém configuração de treino: nem perda, nem otimizador.</translation>
    </message>
    <message>
        <source>Keras loads the model uncompiled (No training configuration found in the save file); training starts with a fresh optimizer.</source>
        <translation>O Keras carrega o modelo sem compilar (No training configuration found in the save file); o treino começa com um otimizador novo.</translation>
    </message>
    <message>
        <source>Choose loss and optimizer before training.</source>
        <translation>Escolha perda e otimizador antes de treinar.</translation>
    </message>
    <message>
        <source>The training set-up names a loss in short: %1.</source>
        <translation>A configuração de treino usa um nome curto de perda: %1.</translation>
    </message>
    <message>
        <source>Keras 3 cannot find short names in an .h5 file again (Could not locate function &apos;mse&apos;), so load_model fails unless it is told compile=False.</source>
        <translation>O Keras 3 não reencontra nomes curtos em um arquivo .h5 (Could not locate function &apos;mse&apos;), e por isso load_model falha, a não ser com compile=False.</translation>
    </message>
    <message>
        <source>Save as .keras for Keras 3, where the names are understood, or remove the training set-up.</source>
        <translation>Salve como .keras para o Keras 3, onde os nomes são entendidos, ou remova a configuração de treino.</translation>
    </message>
    <message>
        <source>Nothing here needs it to show or save the model. Remove the training set-up, or choose another loss before training.</source>
        <translation>Aqui nada precisa dela para mostrar ou salvar o modelo. Remova a configuração de treino ou escolha outra perda antes de treinar.</translation>
    </message>
    <message>
        <source>The loss is not one of Keras&apos;s own: %1.</source>
        <translation>A perda não é uma das do próprio Keras: %1.</translation>
    </message>
    <message>
        <source>Keras loads the file only where that function is at hand (Unknown loss function), or with compile=False.</source>
        <translation>O Keras só carrega o arquivo onde essa função está à mão (Unknown loss function) ou com compile=False.</translation>
    </message>
    <message>
        <source>Metrics that are not Keras&apos;s own: %1.</source>
        <translation>Métricas que não são do próprio Keras: %1.</translation>
    </message>
    <message>
        <source>Keras loads the file only where these functions are at hand (Unknown metric function), or with compile=False.</source>
        <translation>O Keras só carrega o arquivo onde essas funções estão à mão (Unknown metric function) ou com compile=False.</translation>
    </message>
    <message>
        <source>The file holds %1 optimizer variables and does not say of which optimizer.</source>
        <translation>O arquivo contém %1 variáveis de otimizador e não diz de qual otimizador.</translation>
    </message>
    <message>
        <source>The file holds %1 optimizer variables and does not say of which optimizer; their number fits %2.</source>
        <translation>O arquivo contém %1 variáveis de otimizador e não diz de qual otimizador; o número combina com %2.</translation>
    </message>
    <message>
        <source>Keras 3 writes such a file when the model was saved as .h5 before. On loading it takes RMSprop and leaves the numbers out (Skipping variable loading for optimizer &apos;rm_sprop&apos;).</source>
        <translation>O Keras 3 grava um arquivo assim quando o modelo foi salvo antes como .h5. Ao carregar, usa RMSprop e deixa os números de fora (Skipping variable loading for optimizer &apos;rm_sprop&apos;).</translation>
    </message>
    <message>
        <source>Choose that optimizer in the training set-up and save the file again.</source>
        <translation>Escolha esse otimizador na configuração de treino e salve o arquivo de novo.</translation>
    </message>
    <message>
        <source>The optimizer&apos;s state (%1, %2 variables) is complete, but Keras 3 does not load it from an .h5 file.</source>
        <translation>O estado do otimizador (%1, %2 variáveis) está completo, mas o Keras 3 não o carrega de um arquivo .h5.</translation>
    </message>
    <message>
        <source>load_model drops it without a word, and the next fit() fails (Unknown variable … This optimizer can only be called for the variables it was originally built with). Here training continues from it.</source>
        <translation>load_model o descarta sem aviso, e o próximo fit() falha (Unknown variable … This optimizer can only be called for the variables it was originally built with). Aqui o treino continua a partir dele.</translation>
    </message>
    <message>
        <source>Save as .keras, from which Keras 3 resumes.</source>
        <translation>Salve como .keras, do qual o Keras 3 retoma.</translation>
    </message>
    <message>
        <source>The optimizer&apos;s state (%1, %2 variables) is lost when Keras 3 opens this .h5 file.</source>
        <translation>O estado do otimizador (%1, %2 variáveis) se perde quando o Keras 3 abre este arquivo .h5.</translation>
    </message>
    <message>
        <source>Keras 3 says only: Error in loading the saved optimizer state. As a result, your model is starting with a freshly initialized optimizer.</source>
        <translation>O Keras 3 diz apenas: Error in loading the saved optimizer state. As a result, your model is starting with a freshly initialized optimizer.</translation>
    </message>
    <message>
        <source>Save as .keras for Keras 3, from which it resumes.</source>
        <translation>Salve como .keras para o Keras 3, do qual ele retoma.</translation>
    </message>
    <message>
        <source>%1 optimizer values are in the folder variables, but load_model of Keras 2 does not bring them back.</source>
        <translation>%1 valores do otimizador estão na pasta variables, mas o load_model do Keras 2 não os traz de volta.</translation>
    </message>
    <message>
        <source>It says nothing, and training starts with a fresh optimizer. Here it continues from them.</source>
        <translation>Ele não avisa, e o treino começa com um otimizador novo. Aqui o treino continua a partir deles.</translation>
    </message>
    <message>
        <source>Save as .h5 for Keras 2, or call load_weights with the folder.</source>
        <translation>Salve como .h5 para o Keras 2 ou chame load_weights com a pasta.</translation>
    </message>
    <message>
        <source>The optimizer is wrapped to scale the loss (LossScaleOptimizer).</source>
        <translation>O otimizador está envolvido para escalar a perda (LossScaleOptimizer).</translation>
    </message>
    <message>
        <source>Keras 2 does not restore its state from an .h5 file.</source>
        <translation>O Keras 2 não restaura o estado dele de um arquivo .h5.</translation>
    </message>
    <message>
        <source>Save as .keras for Keras 2.15.</source>
        <translation>Salve como .keras para o Keras 2.15.</translation>
    </message>
    <message>
        <source>%1 is of the kind of Keras 2.10 and earlier (optimizers.legacy): all first moments, then all second ones.</source>
        <translation>%1 é do tipo do Keras 2.10 e anteriores (optimizers.legacy): primeiro todos os primeiros momentos, depois todos os segundos.</translation>
    </message>
    <message>
        <source>Keras 2.11 and later warn that they restore a checkpoint from a legacy Keras optimizer into a v2.11+ Optimizer, where the order differs.</source>
        <translation>O Keras 2.11 e os posteriores avisam que restauram um checkpoint de um otimizador antigo (from a legacy Keras optimizer into a v2.11+ Optimizer), em que a ordem difere.</translation>
    </message>
    <message>
        <source>Save for Keras 2.11 to 2.15; the state is put in order.</source>
        <translation>Salve para o Keras 2.11 a 2.15; o estado é posto em ordem.</translation>
    </message>
    <message>
        <source>The optimizer&apos;s state (%1) does not say at which step it stands.</source>
        <translation>O estado do otimizador (%1) não diz em que passo está.</translation>
    </message>
    <message>
        <source>The correction of the first steps starts anew, so the first updates are larger than they would have been; schedules start from the beginning.</source>
        <translation>A correção dos primeiros passos recomeça, e as primeiras atualizações ficam maiores do que seriam; os cronogramas recomeçam do início.</translation>
    </message>
    <message>
        <source>Set the step in the training set-up before training.</source>
        <translation>Informe o passo na configuração de treino antes de treinar.</translation>
    </message>
    <message>
        <source>Keras 2.15 writes no state of a legacy optimizer into a .keras file: it is not here.</source>
        <translation>O Keras 2.15 não grava o estado de um otimizador antigo em um arquivo .keras: ele não está aqui.</translation>
    </message>
    <message>
        <source>Training starts with a fresh optimizer.</source>
        <translation>O treino começa com um otimizador novo.</translation>
    </message>
    <message>
        <source>Save the model as .h5 in Keras 2.15 to keep the state.</source>
        <translation>Salve o modelo como .h5 no Keras 2.15 para manter o estado.</translation>
    </message>
    <message>
        <source>This file of weights holds an optimizer&apos;s state, too: %1 of %2 bytes.</source>
        <translation>Este arquivo de pesos contém também o estado de um otimizador: %1 de %2 bytes.</translation>
    </message>
    <message>
        <source>save_weights writes it unasked, and the file is so much larger.</source>
        <translation>save_weights o grava sem ser pedido, e o arquivo fica maior.</translation>
    </message>
    <message>
        <source>Remove the optimizer&apos;s state if the weights alone are wanted.</source>
        <translation>Remova o estado do otimizador se só os pesos interessam.</translation>
    </message>
    <message>
        <source>loss, metrics and training set-up</source>
        <translation>perda, métricas e configuração de treino</translation>
    </message>
    <message>
        <source>the optimizer: its variables against the weights, its step, its dialect</source>
        <translation>o otimizador: suas variáveis diante dos pesos, seu passo, seu dialeto</translation>
    </message>
    <message>
        <source>%1 normalizes over several axes</source>
        <translation>%1 normaliza sobre vários eixos</translation>
    </message>
    <message>
        <source>the layer %1 is called like its score_mode</source>
        <translation>a camada %1 tem o nome do seu score_mode</translation>
    </message>
    <message>
        <source>it has no layer %1</source>
        <translation>ele não tem a camada %1</translation>
    </message>
    <message>
        <source>the key %1 of %2 is not known</source>
        <translation>a chave %1 de %2 não é conhecida</translation>
    </message>
    <message>
        <source>the mixed precision policy of %1 is not understood</source>
        <translation>a política de precisão mista de %1 não é entendida</translation>
    </message>
    <message>
        <source>the model inside %1 is of another generation</source>
        <translation>o modelo dentro de %1 é de outra geração</translation>
    </message>
    <message>
        <source>%1 of %2 values of %3 are NaN or infinite.</source>
        <translation>%1 de %2 valores de %3 são NaN ou infinitos.</translation>
    </message>
    <message>
        <source>Every output that they reach is NaN, and so is the next loss: training has diverged.</source>
        <translation>Toda saída que eles alcançam é NaN, e a próxima perda também: o treino divergiu.</translation>
    </message>
    <message>
        <source>Go back to an earlier checkpoint and train with a smaller learning rate or clipped gradients.</source>
        <translation>Volte a um checkpoint anterior e treine com uma taxa de aprendizado menor ou com gradientes limitados.</translation>
    </message>
    <message>
        <source>All %1 values of %2 are zero.</source>
        <translation>Todos os %1 valores de %2 são zero.</translation>
    </message>
    <message>
        <source>The layer passes nothing on but its bias.</source>
        <translation>A camada só passa adiante o seu viés.</translation>
    </message>
    <message>
        <source>See whether it was meant to be pruned, or was never filled.</source>
        <translation>Veja se ela foi podada de propósito ou nunca foi preenchida.</translation>
    </message>
    <message>
        <source>All %1 values of %2 are %3.</source>
        <translation>Todos os %1 valores de %2 são %3.</translation>
    </message>
    <message>
        <source>All units compute the same and get the same gradient, so they stay the same.</source>
        <translation>Todas as unidades calculam o mesmo e recebem o mesmo gradiente, e assim continuam iguais.</translation>
    </message>
    <message>
        <source>Initialize the layer at random and train it.</source>
        <translation>Inicialize a camada ao acaso e treine-a.</translation>
    </message>
    <message>
        <source>A moving variance is negative: %1.</source>
        <translation>Uma variância móvel é negativa: %1.</translation>
    </message>
    <message>
        <source>Its square root is NaN, and so is everything after this layer.</source>
        <translation>A raiz quadrada dela é NaN, e tudo depois desta camada também.</translation>
    </message>
    <message>
        <source>Train some steps more, so that the averages are built anew.</source>
        <translation>Treine alguns passos mais, para que as médias se refaçam.</translation>
    </message>
    <message>
        <source>A moving variance is as small as %1.</source>
        <translation>Uma variância móvel é tão pequena quanto %1.</translation>
    </message>
    <message>
        <source>That channel is (nearly) constant; what little it varies is blown up by the division.</source>
        <translation>Esse canal é (quase) constante; o pouco que varia é ampliado pela divisão.</translation>
    </message>
    <message>
        <source>See whether the filter before it can still fire.</source>
        <translation>Veja se o filtro antes dele ainda pode ativar.</translation>
    </message>
    <message>
        <source>The largest value of %1 is %2.</source>
        <translation>O maior valor de %1 é %2.</translation>
    </message>
    <message>
        <source>Weights beyond 10,000 are a sign of training that runs away; float16 ends at 65,504.</source>
        <translation>Pesos acima de 10.000 são sinal de um treino que disparou; o float16 termina em 65.504.</translation>
    </message>
    <message>
        <source>Train with a smaller learning rate, or clip the gradients.</source>
        <translation>Treine com uma taxa de aprendizado menor ou limite os gradientes.</translation>
    </message>
    <message>
        <source>%1 looks untrained: all its values lie within the interval that GlorotUniform draws from, ±%2.</source>
        <translation>%1 parece não treinado: todos os valores estão no intervalo de que GlorotUniform sorteia, ±%2.</translation>
    </message>
    <message>
        <source>The optimizer stands at step 0, too: nothing was learned yet.</source>
        <translation>O otimizador também está no passo 0: nada foi aprendido ainda.</translation>
    </message>
    <message>
        <source>Train the model, or open a later checkpoint.</source>
        <translation>Treine o modelo ou abra um checkpoint posterior.</translation>
    </message>
    <message>
        <source>%1 of %2 units or filters have the very weights of another one.</source>
        <translation>%1 de %2 unidades ou filtros têm exatamente os pesos de outro.</translation>
    </message>
    <message>
        <source>They compute the same, and while their gradients agree they stay the same.</source>
        <translation>Eles calculam o mesmo e, enquanto os gradientes coincidirem, continuam iguais.</translation>
    </message>
    <message>
        <source>A smaller layer may do, or another initialization.</source>
        <translation>Uma camada menor pode bastar, ou outra inicialização.</translation>
    </message>
    <message>
        <source>%1 of %2 ReLU units can hardly ever fire: their bias lies more than %3 row norms below zero.</source>
        <translation>%1 de %2 unidades ReLU quase nunca podem ativar: o viés está mais de %3 normas de linha abaixo de zero.</translation>
    </message>
    <message>
        <source>For inputs of unit variance they give 0 throughout, and a unit that gives 0 learns nothing.</source>
        <translation>Para entradas de variância unitária elas dão sempre 0, e uma unidade que dá 0 não aprende nada.</translation>
    </message>
    <message>
        <source>Try LeakyReLU, a smaller learning rate, or another initialization.</source>
        <translation>Tente LeakyReLU, uma taxa de aprendizado menor ou outra inicialização.</translation>
    </message>
    <message>
        <source>%1 of %2 %3 units are saturated by their bias alone.</source>
        <translation>%1 de %2 unidades %3 estão saturadas só pelo viés.</translation>
    </message>
    <message>
        <source>They give the same whatever comes in, and learn nothing.</source>
        <translation>Elas dão o mesmo, seja qual for a entrada, e não aprendem nada.</translation>
    </message>
    <message>
        <source>See whether the bias was scaled by mistake.</source>
        <translation>Veja se o viés foi escalado por engano.</translation>
    </message>
    <message>
        <source>Remove the optimizer&apos;s state; training then starts it afresh.</source>
        <translation>Remova o estado do otimizador; o treino então o recomeça.</translation>
    </message>
    <message>
        <source>%1 of %2 values of the optimizer&apos;s %3 are NaN or infinite.</source>
        <translation>%1 de %2 valores de %3, do otimizador, são NaN ou infinitos.</translation>
    </message>
    <message>
        <source>The next step turns the weights into NaN.</source>
        <translation>O próximo passo transforma os pesos em NaN.</translation>
    </message>
    <message>
        <source>The optimizer&apos;s %1 holds averages of squares, and its smallest value is %2.</source>
        <translation>%1, do otimizador, contém médias de quadrados, e seu menor valor é %2.</translation>
    </message>
    <message>
        <source>A negative one gives NaN in the next step: the state does not belong to these weights, or stands in another order.</source>
        <translation>Um valor negativo dá NaN no próximo passo: o estado não pertence a estes pesos ou está em outra ordem.</translation>
    </message>
    <message>
        <source>values: NaN, constant kernels, variances, dead units, equal filters</source>
        <translation>valores: NaN, kernels constantes, variâncias, unidades mortas, filtros iguais</translation>
    </message>
    <message>
        <source>an inference graph, not a Keras model (TFSMLayer or tf.saved_model.load run it)</source>
        <translation>um grafo de inferência, não um modelo Keras (TFSMLayer ou tf.saved_model.load o executam)</translation>
    </message>
    <message>
        <source>by load_weights, into the same model</source>
        <translation>por load_weights, no mesmo modelo</translation>
    </message>
    <message>
        <source>arrays, not a Keras file</source>
        <translation>arrays, não um arquivo Keras</translation>
    </message>
    <message>
        <source>Lambda code is refused in safe mode</source>
        <translation>código Lambda é recusado no modo seguro</translation>
    </message>
    <message>
        <source>only with custom_objects for %1</source>
        <translation>só com custom_objects para %1</translation>
    </message>
    <message>
        <source>its configuration is in Keras 3&apos;s words (batch_shape, DTypePolicy)</source>
        <translation>a configuração está nos termos do Keras 3 (batch_shape, DTypePolicy)</translation>
    </message>
    <message>
        <source>bfloat16 weights cannot be read back from HDF5</source>
        <translation>pesos bfloat16 não podem ser lidos de volta do HDF5</translation>
    </message>
    <message>
        <source>operations in the graph (%1) are not found again in .h5</source>
        <translation>operações no grafo (%1) não são reencontradas em .h5</translation>
    </message>
    <message>
        <source>only with compile=False: %1 is not found again in .h5</source>
        <translation>só com compile=False: %1 não é reencontrado em .h5</translation>
    </message>
    <message>
        <source>only with compile=False: &apos;%1&apos; is not found</source>
        <translation>só com compile=False: &apos;%1&apos; não é encontrado</translation>
    </message>
    <message>
        <source>only with compile=False: the loss&apos;s reduction &apos;auto&apos; is not known</source>
        <translation>só com compile=False: a redução &apos;auto&apos; da perda não é conhecida</translation>
    </message>
    <message>
        <source>only with compile=False: the optimizer&apos;s lr is not known</source>
        <translation>só com compile=False: o lr do otimizador não é conhecido</translation>
    </message>
    <message>
        <source>its configuration is in Keras 1&apos;s words</source>
        <translation>a configuração está nos termos do Keras 1</translation>
    </message>
    <message>
        <source>the name &apos;%1&apos; is refused as a scope</source>
        <translation>o nome &apos;%1&apos; é recusado como escopo</translation>
    </message>
    <message>
        <source>SpectralNormalization is not found</source>
        <translation>SpectralNormalization não é encontrada</translation>
    </message>
    <message>
        <source>the key optional of InputLayer is not known</source>
        <translation>a chave optional de InputLayer não é conhecida</translation>
    </message>
    <message>
        <source>files of later versions were not tried with it</source>
        <translation>arquivos de versões posteriores não foram testados com ele</translation>
    </message>
    <message>
        <source>HDF5 under the name .keras: said to be not found</source>
        <translation>HDF5 com o nome .keras: dado como não encontrado</translation>
    </message>
    <message>
        <source>its configuration is in the words of Keras 2.2 and before</source>
        <translation>a configuração está nos termos do Keras 2.2 ou anterior</translation>
    </message>
    <message>
        <source>the TensorFlow operation %1 is not known</source>
        <translation>a operação do TensorFlow %1 não é conhecida</translation>
    </message>
    <message>
        <source>nested models are counted in another way</source>
        <translation>modelos aninhados são contados de outro modo</translation>
    </message>
    <message>
        <source>it knows no .keras archives</source>
        <translation>ele não conhece arquivos .keras</translation>
    </message>
    <message>
        <source>a .keras archive names modules that only its own generation has</source>
        <translation>um arquivo .keras cita módulos que só a sua geração tem</translation>
    </message>
    <message>
        <source>no SavedModel is accepted (TFSMLayer runs it, no more)</source>
        <translation>nenhum SavedModel é aceito (TFSMLayer o executa, nada mais)</translation>
    </message>
    <message>
        <source>it does not know this layout</source>
        <translation>ele não conhece este formato</translation>
    </message>
    <message>
        <source>the layout of 2.12 numbers layers in another way</source>
        <translation>o formato do 2.12 numera as camadas de outro modo</translation>
    </message>
    <message>
        <source>it reads only its own layout</source>
        <translation>ele só lê o próprio formato</translation>
    </message>
    <message>
        <source>by load_weights, into a model that was not trained yet</source>
        <translation>por load_weights, em um modelo ainda não treinado</translation>
    </message>
    <message>
        <source>load_weights takes no TensorFlow checkpoints</source>
        <translation>load_weights não aceita checkpoints do TensorFlow</translation>
    </message>
    <message>
        <source>the file holds no optimizer state</source>
        <translation>o arquivo não contém estado de otimizador</translation>
    </message>
    <message>
        <source>it does not load</source>
        <translation>ele não carrega</translation>
    </message>
    <message>
        <source>load_model does not bring the optimizer&apos;s state back</source>
        <translation>load_model não traz o estado do otimizador de volta</translation>
    </message>
    <message>
        <source>the other generation has one optimizer variable less</source>
        <translation>a outra geração tem uma variável de otimizador a menos</translation>
    </message>
    <message>
        <source>the optimizer&apos;s state is dropped from every .h5 file</source>
        <translation>o estado do otimizador é descartado de todo arquivo .h5</translation>
    </message>
    <message>
        <source>the state of a LossScaleOptimizer is not restored from .h5</source>
        <translation>o estado de um LossScaleOptimizer não é restaurado de .h5</translation>
    </message>
    <message>
        <source>the file does not say of which optimizer the state is</source>
        <translation>o arquivo não diz de qual otimizador é o estado</translation>
    </message>
    <message>
        <source>Nadam&apos;s running product is not in the file and starts anew</source>
        <translation>o produto corrente do Nadam não está no arquivo e recomeça</translation>
    </message>
    <message>
        <source>the state does not fit the weights</source>
        <translation>o estado não combina com os pesos</translation>
    </message>
    <message>
        <source>This is a GGUF file, weights of a language model for llama.cpp, not a Keras model.</source>
        <translation>Este é um arquivo GGUF, pesos de um modelo de linguagem para o llama.cpp, não um modelo Keras.</translation>
    </message>
    <message>
        <source>This is a TensorFlow Lite model, which holds no Keras layers; no model can be read from it.</source>
        <translation>Este é um modelo TensorFlow Lite, que não contém camadas Keras; nenhum modelo pode ser lido dele.</translation>
    </message>
    <message>
        <source>This is a PyTorch file of the older kind, a Python pickle that could run any code; it is no Keras model and is not opened.</source>
        <translation>Este é um arquivo PyTorch do tipo antigo, um pickle Python que poderia executar qualquer código; não é um modelo Keras e não é aberto.</translation>
    </message>
    <message>
        <source>This is a TensorBoard event file: loss curves, not a model; layerscope history shows them.</source>
        <translation>Este é um arquivo de eventos do TensorBoard: curvas de perda, não um modelo; layerscope history as mostra.</translation>
    </message>
    <message>
        <source>This is a safetensors file: weights by name, and no architecture.</source>
        <translation>Este é um arquivo safetensors: pesos por nome, sem arquitetura.</translation>
    </message>
    <message>
        <source>This is an ONNX model, a graph of operators, not a Keras model.</source>
        <translation>Este é um modelo ONNX, um grafo de operadores, não um modelo Keras.</translation>
    </message>
    <message>
        <source>This is a TensorFlow checkpoint of the first version (before 1.0), which holds values and no layers; load and save it once with TensorFlow to get the current version.</source>
        <translation>Este é um checkpoint do TensorFlow da primeira versão (antes da 1.0), que contém valores e nenhuma camada; carregue-o e salve-o uma vez com o TensorFlow para obter a versão atual.</translation>
    </message>
    <message>
        <source>This looks like a frozen TensorFlow graph (.pb), which holds operations and no Keras layers.</source>
        <translation>Isto parece um grafo congelado do TensorFlow (.pb), que contém operações e nenhuma camada Keras.</translation>
    </message>
    <message>
        <source>This is a MATLAB 7.3 file (HDF5 inside), not a Keras model.</source>
        <translation>Este é um arquivo MATLAB 7.3 (HDF5 por dentro), não um modelo Keras.</translation>
    </message>
    <message>
        <source>This is an HDF5 file of hickle, Python objects and not a Keras model.</source>
        <translation>Este é um arquivo HDF5 do hickle, objetos Python e não um modelo Keras.</translation>
    </message>
    <message>
        <source>This is an HDF5 file of PyTables or pandas: tables, not a Keras model.</source>
        <translation>Este é um arquivo HDF5 do PyTables ou do pandas: tabelas, não um modelo Keras.</translation>
    </message>
    <message>
        <source>This is a netCDF file (HDF5 inside): measured data, not a Keras model.</source>
        <translation>Este é um arquivo netCDF (HDF5 por dentro): dados medidos, não um modelo Keras.</translation>
    </message>
    <message>
        <source>Keras cannot load the model without them.</source>
        <translation>O Keras não consegue carregar o modelo sem eles.</translation>
    </message>
    <message>
        <source>TensorFlow compares checksums and refuses to load the model.</source>
        <translation>O TensorFlow compara as somas de verificação e se recusa a carregar o modelo.</translation>
    </message>
    <message>
        <source>some of its values cannot be read</source>
        <translation>alguns de seus valores não podem ser lidos</translation>
    </message>
</context>
<context>
    <name>formats</name>
    <message>
        <source>Keras architecture</source>
        <translation>Arquitetura Keras</translation>
    </message>
    <message>
        <source>TensorFlow checkpoint</source>
        <translation>Checkpoint do TensorFlow</translation>
    </message>
    <message>
        <source>Keras archive</source>
        <translation>Arquivo Keras</translation>
    </message>
    <message>
        <source>Keras folder</source>
        <translation>Pasta Keras</translation>
    </message>
    <message>
        <source>Keras HDF5</source>
        <translation>HDF5 do Keras</translation>
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
        <source>TensorFlow SavedModel</source>
        <translation>SavedModel do TensorFlow</translation>
    </message>
    <message>
        <source>Keras weights</source>
        <translation>Pesos do Keras</translation>
    </message>
    <message>
        <source>Keras weights in several files</source>
        <translation>Pesos do Keras em vários arquivos</translation>
    </message>
</context>
<context>
    <name>layers</name>
    <message>
        <source>Turns scores into shares that add up to 1</source>
        <translation>Transforma pontuações em proporções que somam 1</translation>
    </message>
    <message>
        <source>Keeps what is above 0 and scales what is below by a slope that it learns</source>
        <translation>Mantém o que está acima de 0 e multiplica o que está abaixo por uma inclinação que ela aprende</translation>
    </message>
    <message>
        <source>Hands on what it gets</source>
        <translation>Passa adiante o que recebe</translation>
    </message>
    <message>
        <source>Applies %1 to each element</source>
        <translation>Aplica %1 a cada elemento</translation>
    </message>
    <message>
        <source>Lets each query collect what it finds in the values, by dot products with the keys</source>
        <translation>Faz cada consulta recolher o que encontra nos valores, por produtos escalares com as chaves</translation>
    </message>
    <message>
        <source>Lets each query collect what it finds in the values, by learnt sums with the keys</source>
        <translation>Faz cada consulta recolher o que encontra nos valores, por somas aprendidas com as chaves</translation>
    </message>
    <message>
        <source>Reads a sequence of images step by step, an LSTM whose products are convolutions with %1 filters of %2</source>
        <translation>Lê uma sequência de imagens passo a passo: uma LSTM cujos produtos são convoluções com %1 filtros de %2</translation>
    </message>
    <message>
        <source> over 1 channel</source>
        <translation> sobre 1 canal</translation>
    </message>
    <message>
        <source> over %1 channels</source>
        <translation> sobre %1 canais</translation>
    </message>
    <message>
        <source> in steps of %1</source>
        <translation> em passos de %1</translation>
    </message>
    <message>
        <source>Slides %1 filters of %2</source>
        <translation>Desliza %1 filtros de %2</translation>
    </message>
    <message>
        <source>Slides 1 filter for each channel of %1</source>
        <translation>Desliza 1 filtro de %1 por canal</translation>
    </message>
    <message>
        <source>Slides %1 filters for each channel of %2</source>
        <translation>Desliza %1 filtros de %2 por canal</translation>
    </message>
    <message>
        <source>Slides one set of filters for each channel, mixed into %1 channels, filters of %2</source>
        <translation>Desliza um conjunto de filtros por canal, misturados em %1 canais; filtros de %2</translation>
    </message>
    <message>
        <source>Takes in the data</source>
        <translation>Recebe os dados</translation>
    </message>
    <message>
        <source>Takes in arrays of shape %1</source>
        <translation>Recebe arrays de forma %1</translation>
    </message>
    <message>
        <source>Adds to the loss what comes through: %1 times its absolute values, %2 times its squares</source>
        <translation>Soma à perda o que passa por ela: %1 vez os valores absolutos, %2 vez os quadrados</translation>
    </message>
    <message>
        <source>Runs Python code that the file holds in compiled form; Layerscope does not run it</source>
        <translation>Executa código Python que o arquivo guarda em forma compilada; o Layerscope não o executa</translation>
    </message>
    <message>
        <source>Gives %1 weighted sums of %2 inputs</source>
        <translation>Calcula %1 somas ponderadas de %2 entradas</translation>
    </message>
    <message>
        <source>Gives %1 weighted sums of all its inputs</source>
        <translation>Calcula %1 somas ponderadas de todas as suas entradas</translation>
    </message>
    <message>
        <source>Multiplies its input with a kernel by the equation %1</source>
        <translation>Multiplica a entrada por um kernel segundo a equação %1</translation>
    </message>
    <message>
        <source>Adds noise of standard deviation %1 while training</source>
        <translation>Soma ruído de desvio padrão %1 durante o treino</translation>
    </message>
    <message>
        <source>Multiplies by noise around 1 while training, as strong as a dropout of %1 %</source>
        <translation>Multiplica por ruído em torno de 1 durante o treino, tão forte quanto um dropout de %1 %</translation>
    </message>
    <message>
        <source>Drops %1 % of the channels at random while training</source>
        <translation>Descarta %1 % dos canais ao acaso durante o treino</translation>
    </message>
    <message>
        <source>Drops %1 % of its inputs at random while training</source>
        <translation>Descarta %1 % das entradas ao acaso durante o treino</translation>
    </message>
    <message>
        <source>Looks up a vector of %1 numbers for each of %2 possible inputs</source>
        <translation>Busca em uma tabela um vetor de %1 números para cada uma das %2 entradas possíveis</translation>
    </message>
    <message>
        <source>, 0 meaning no input</source>
        <translation>, em que 0 significa sem entrada</translation>
    </message>
    <message>
        <source>Makes the layers behind it skip the time steps at which everything is %1</source>
        <translation>Faz as camadas seguintes pularem os passos de tempo em que tudo é %1</translation>
    </message>
    <message>
        <source>A model of 1 layer whose graph is Python code; Layerscope does not run it</source>
        <translation>Um modelo de 1 camada cujo grafo é código Python; o Layerscope não o executa</translation>
    </message>
    <message>
        <source>A model of %1 layers whose graph is Python code; Layerscope does not run it</source>
        <translation>Um modelo de %1 camadas cujo grafo é código Python; o Layerscope não o executa</translation>
    </message>
    <message>
        <source>A chain of 1 layer</source>
        <translation>Uma sequência de 1 camada</translation>
    </message>
    <message>
        <source>A chain of %1 layers, one behind the other</source>
        <translation>Uma sequência de %1 camadas, uma atrás da outra</translation>
    </message>
    <message>
        <source>A network of 1 layer</source>
        <translation>Uma rede de 1 camada</translation>
    </message>
    <message>
        <source>A network of %1 layers</source>
        <translation>Uma rede de %1 camadas</translation>
    </message>
    <message>
        <source> with 1 input</source>
        <translation> com 1 entrada</translation>
    </message>
    <message>
        <source> with %1 inputs</source>
        <translation> com %1 entradas</translation>
    </message>
    <message>
        <source> and 1 output</source>
        <translation> e 1 saída</translation>
    </message>
    <message>
        <source> and %1 outputs</source>
        <translation> e %1 saídas</translation>
    </message>
    <message>
        <source>A layer of class %1, which is not one of Keras&apos;s own; its configuration and weights are kept as they are</source>
        <translation>Uma camada da classe %1, que não é do próprio Keras; sua configuração e seus pesos são mantidos como estão</translation>
    </message>
    <message>
        <source>A Keras layer of class %1</source>
        <translation>Uma camada do Keras da classe %1</translation>
    </message>
    <message>
        <source>; no parameters</source>
        <translation>; sem parâmetros</translation>
    </message>
    <message>
        <source>, then applies %1</source>
        <translation> e depois aplica %1</translation>
    </message>
    <message>
        <source>; 1 parameter = %1</source>
        <translation>; 1 parâmetro = %1</translation>
    </message>
    <message>
        <source>; %1 parameters = %2</source>
        <translation>; %1 parâmetros = %2</translation>
    </message>
    <message>
        <source>Subtracts its second input from its first, element by element</source>
        <translation>Subtrai a segunda entrada da primeira, elemento por elemento</translation>
    </message>
    <message>
        <source>Multiplies its inputs, element by element</source>
        <translation>Multiplica suas entradas, elemento por elemento</translation>
    </message>
    <message>
        <source>Takes the mean of its inputs, element by element</source>
        <translation>Calcula a média de suas entradas, elemento por elemento</translation>
    </message>
    <message>
        <source>Takes the largest of its inputs, element by element</source>
        <translation>Fica com a maior de suas entradas, elemento por elemento</translation>
    </message>
    <message>
        <source>Takes the smallest of its inputs, element by element</source>
        <translation>Fica com a menor de suas entradas, elemento por elemento</translation>
    </message>
    <message>
        <source>Joins its inputs along axis %1</source>
        <translation>Junta suas entradas ao longo do eixo %1</translation>
    </message>
    <message>
        <source>Takes the cosine of its two inputs along axes %1</source>
        <translation>Calcula o cosseno entre suas duas entradas ao longo dos eixos %1</translation>
    </message>
    <message>
        <source>Takes the dot product of its two inputs along axes %1</source>
        <translation>Calcula o produto escalar de suas duas entradas ao longo dos eixos %1</translation>
    </message>
    <message>
        <source>Adds its inputs, element by element</source>
        <translation>Soma suas entradas, elemento por elemento</translation>
    </message>
    <message>
        <source>Lets every position look at every other with %1 heads of %2 numbers</source>
        <translation>Faz cada posição olhar para todas as outras com %1 cabeças de %2 números</translation>
    </message>
    <message>
        <source>Shifts and scales each channel to mean 0 and variance 1 over the batch (moving averages with momentum %1 stand in for the batch in inference)</source>
        <translation>Desloca e escala cada canal para média 0 e variância 1 no lote (na inferência, médias móveis com momento %1 fazem o papel do lote)</translation>
    </message>
    <message>
        <source>Shifts and scales each sample to mean 0 and variance 1 along its own axes</source>
        <translation>Desloca e escala cada amostra para média 0 e variância 1 ao longo de seus próprios eixos</translation>
    </message>
    <message>
        <source>Shifts and scales each of %1 groups of channels to mean 0 and variance 1</source>
        <translation>Desloca e escala cada um de %1 grupos de canais para média 0 e variância 1</translation>
    </message>
    <message>
        <source>Scales each sample to a root mean square of 1</source>
        <translation>Escala cada amostra para que sua raiz da média dos quadrados seja 1</translation>
    </message>
    <message>
        <source>Scales each vector to length 1</source>
        <translation>Escala cada vetor para o comprimento 1</translation>
    </message>
    <message>
        <source>Computes %1 as part of the graph</source>
        <translation>Calcula %1 como parte do grafo</translation>
    </message>
    <message>
        <source>Keeps the largest value of every window of %1, in steps of %2</source>
        <translation>Fica com o maior valor de cada janela de %1, em passos de %2</translation>
    </message>
    <message>
        <source>Keeps the mean of every window of %1, in steps of %2</source>
        <translation>Fica com a média de cada janela de %1, em passos de %2</translation>
    </message>
    <message>
        <source>Reduces each channel to one number, its largest value</source>
        <translation>Reduz cada canal a um número, seu maior valor</translation>
    </message>
    <message>
        <source>Reduces each channel to one number, its mean</source>
        <translation>Reduz cada canal a um número, sua média</translation>
    </message>
    <message>
        <source>Pools whatever size comes in to %1</source>
        <translation>Reduz qualquer tamanho que chegue a %1</translation>
    </message>
    <message>
        <source>Resizes images to %1, %2</source>
        <translation>Redimensiona imagens para %1, %2</translation>
    </message>
    <message>
        <source>Cuts out %1 at the centre</source>
        <translation>Recorta %1 no centro</translation>
    </message>
    <message>
        <source>Cuts out %1 at a random place</source>
        <translation>Recorta %1 em um lugar ao acaso</translation>
    </message>
    <message>
        <source>Multiplies by %1 and adds %2</source>
        <translation>Multiplica por %1 e soma %2</translation>
    </message>
    <message>
        <source>Shifts and scales each feature by a mean and a variance that were measured beforehand</source>
        <translation>Desloca e escala cada atributo por uma média e uma variância medidas antes</translation>
    </message>
    <message>
        <source>Turns category numbers into vectors of %1 by %2</source>
        <translation>Transforma números de categorias em vetores de %1 por %2</translation>
    </message>
    <message>
        <source>Replaces each number by the number of the range that it lies in</source>
        <translation>Troca cada número pelo número da faixa em que ele está</translation>
    </message>
    <message>
        <source>Hashes its inputs into %1 bins; Layerscope does not run it</source>
        <translation>Distribui suas entradas em %1 grupos por hash; o Layerscope não a executa</translation>
    </message>
    <message>
        <source>Looks up words or numbers in a vocabulary</source>
        <translation>Procura palavras ou números em um vocabulário</translation>
    </message>
    <message>
        <source>Changes images at random while training (%1), so that the model meets more variety</source>
        <translation>Altera imagens ao acaso durante o treino (%1), para que o modelo encontre mais variedade</translation>
    </message>
    <message>
        <source>Reads a sequence step by step</source>
        <translation>Lê uma sequência passo a passo</translation>
    </message>
    <message>
        <source>, from its end,</source>
        <translation>, a partir do fim,</translation>
    </message>
    <message>
        <source> and gates what it keeps and forgets in %1 numbers</source>
        <translation> e controla com portas o que guarda e o que esquece em %1 números</translation>
    </message>
    <message>
        <source> and gates how fast it renews %1 numbers</source>
        <translation> e controla com portas a rapidez com que renova %1 números</translation>
    </message>
    <message>
        <source> and remembers in %1 numbers</source>
        <translation> e guarda a memória em %1 números</translation>
    </message>
    <message>
        <source>; gives out every step</source>
        <translation>; devolve todos os passos</translation>
    </message>
    <message>
        <source>; gives out the last step</source>
        <translation>; devolve o último passo</translation>
    </message>
    <message>
        <source>Lays each sample out as one long vector</source>
        <translation>Estende cada amostra em um só vetor longo</translation>
    </message>
    <message>
        <source>Arranges the same numbers as %1</source>
        <translation>Rearranja os mesmos números como %1</translation>
    </message>
    <message>
        <source>Reorders the axes to %1</source>
        <translation>Reordena os eixos para %1</translation>
    </message>
    <message>
        <source>Repeats each vector %1 times</source>
        <translation>Repete cada vetor %1 vezes</translation>
    </message>
    <message>
        <source>Puts zeros around</source>
        <translation>Põe zeros em volta</translation>
    </message>
    <message>
        <source>Cuts off a frame</source>
        <translation>Corta a borda</translation>
    </message>
    <message>
        <source>Enlarges by %1, %2</source>
        <translation>Aumenta %1 vezes, %2</translation>
    </message>
    <message>
        <source>Paints %1 channels with brushes of %2, %3 apart</source>
        <translation>Pinta %1 canais com pincéis de %2, a %3 de distância</translation>
    </message>
    <message>
        <source>Reads a sequence from both ends with a %1 each and joins what they give out (%2)</source>
        <translation>Lê uma sequência a partir das duas pontas, com uma %1 em cada, e junta o que elas devolvem (%2)</translation>
    </message>
    <message>
        <source>Applies the same %1 to every time step</source>
        <translation>Aplica a mesma %1 a cada passo de tempo</translation>
    </message>
    <message>
        <source>Keeps the largest singular value of the kernel of its %1 at 1 while training</source>
        <translation>Mantém em 1, durante o treino, o maior valor singular do kernel de sua %1</translation>
    </message>
    <message>
        <source>The weights of 1 layer; the file does not say what it computes</source>
        <translation>Os pesos de 1 camada; o arquivo não diz o que ela calcula</translation>
    </message>
    <message>
        <source>The weights of %1 layers; the file does not say how they connect</source>
        <translation>Os pesos de %1 camadas; o arquivo não diz como elas se ligam</translation>
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
    <message>
        <source>D&amp;octor</source>
        <translation>D&amp;outor</translation>
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
    <name>layerscope::app::DiagnosisPage</name>
    <message>
        <source>%1 cannot be opened</source>
        <translation>Não é possível abrir %1</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Fechar</translation>
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
    <name>layerscope::app::DoctorBinding</name>
    <message>
        <source>Examining the file</source>
        <translation>Examinando o arquivo</translation>
    </message>
    <message>
        <source>Stop the training first.</source>
        <translation>Pare o treino primeiro.</translation>
    </message>
    <message>
        <source>Remove the training set-up</source>
        <translation>Remover a configuração de treino</translation>
    </message>
    <message>
        <source>Remove the optimizer&apos;s state</source>
        <translation>Remover o estado do otimizador</translation>
    </message>
    <message>
        <source>Rename duplicates</source>
        <translation>Renomear duplicatas</translation>
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
        <source>Doctor</source>
        <translation>Doutor</translation>
    </message>
    <message>
        <source>Doctor %1!</source>
        <comment>with the number of errors and warnings</comment>
        <translation>Doutor %1!</translation>
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
        <translation>Não é possível abrir %1</translation>
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
    <message>
        <source>Examining %1</source>
        <translation>Examinando %1</translation>
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
    <name>layerscope::views::DoctorCard</name>
    <message>
        <source>Error</source>
        <translation>Erro</translation>
    </message>
    <message>
        <source>Warning</source>
        <translation>Aviso</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Nota</translation>
    </message>
    <message>
        <source>Select this layer</source>
        <translation>Selecionar esta camada</translation>
    </message>
    <message>
        <source>Select the layer %1</source>
        <translation>Selecionar a camada %1</translation>
    </message>
</context>
<context>
    <name>layerscope::views::DoctorView</name>
    <message>
        <source>Doctor</source>
        <translation>Doutor</translation>
    </message>
    <message>
        <source>Errors</source>
        <translation>Erros</translation>
    </message>
    <message>
        <source>Warnings</source>
        <translation>Avisos</translation>
    </message>
    <message>
        <source>Notes</source>
        <translation>Notas</translation>
    </message>
    <message>
        <source>Nothing suspicious</source>
        <translation>Nada suspeito</translation>
    </message>
    <message>
        <source>Which Keras takes it</source>
        <translation>Qual Keras o aceita</translation>
    </message>
    <message>
        <source>What survives</source>
        <translation>O que sobrevive</translation>
    </message>
    <message>
        <source>What was checked</source>
        <translation>O que foi verificado</translation>
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
        <source>Trainable: whether training changes the weights</source>
        <translation>Treinável: se o treino muda os pesos</translation>
    </message>
    <message>
        <source>Trains</source>
        <comment>title of a narrow column: trainable</comment>
        <translation>Treina</translation>
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
        <translation>Abre, pelo conteúdo e não pelo nome: %1.</translation>
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
    <name>layerscope::views::VerdictItemModel</name>
    <message>
        <source>Yes</source>
        <translation>Sim</translation>
    </message>
    <message>
        <source>No</source>
        <translation>Não</translation>
    </message>
    <message>
        <source>Nothing to resume</source>
        <translation>Nada a retomar</translation>
    </message>
    <message>
        <source>Not tried</source>
        <translation>Não testado</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <comment>an answer and its reason</comment>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>Keras</source>
        <translation>Keras</translation>
    </message>
    <message>
        <source>Loads it</source>
        <translation>Carrega</translation>
    </message>
    <message>
        <source>Resumes training</source>
        <translation>Retoma o treino</translation>
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
    <name>model</name>
    <message>
        <source>there is nothing at this path, nor a folder %1</source>
        <translation>não há nada neste caminho, nem uma pasta %1</translation>
    </message>
    <message>
        <source>there is nothing at this path; check the spelling of the name</source>
        <translation>não há nada neste caminho; confira a grafia do nome</translation>
    </message>
    <message>
        <source>there is nothing at this path; nearby: %1</source>
        <translation>não há nada neste caminho; por perto: %1</translation>
    </message>
    <message>
        <source>this is a link to %1, where there is nothing</source>
        <translation>este é um link para %1, onde não há nada</translation>
    </message>
    <message>
        <source>this is a folder, and no saved model; open a file in it</source>
        <translation>esta é uma pasta, e não um modelo salvo; abra um arquivo dentro dela</translation>
    </message>
    <message>
        <source>this is a folder, and no saved model; open a file in it: %1</source>
        <translation>esta é uma pasta, e não um modelo salvo; abra um arquivo dentro dela: %1</translation>
    </message>
    <message>
        <source>this is a device or a pipe, not a file</source>
        <translation>isto é um dispositivo ou um pipe, não um arquivo</translation>
    </message>
    <message>
        <source>there is no permission to read this file; ask its owner, or run &apos;chmod +r&apos; on it</source>
        <translation>não há permissão para ler este arquivo; peça ao dono ou execute &apos;chmod +r&apos; nele</translation>
    </message>
    <message>
        <source>this file is empty: a download or a save was broken off; get it again</source>
        <translation>este arquivo está vazio: um download ou um salvamento foi interrompido; obtenha-o de novo</translation>
    </message>
    <message>
        <source>this is a Git LFS pointer, not the model itself; the real file has %1 bytes; run &apos;git lfs pull&apos; to get it</source>
        <translation>este é um ponteiro do Git LFS, não o próprio modelo; o arquivo real tem %1 bytes; execute &apos;git lfs pull&apos; para obtê-lo</translation>
    </message>
    <message>
        <source>this is a web page, not a model: the download gave an error or log-in page; download the file itself again</source>
        <translation>esta é uma página da web, não um modelo: o download trouxe uma página de erro ou de login; baixe o próprio arquivo de novo</translation>
    </message>
    <message>
        <source>this is an XML text, not a model; download the file itself again</source>
        <translation>este é um texto XML, não um modelo; baixe o próprio arquivo de novo</translation>
    </message>
    <message>
        <source>this is the JSON text of an architecture, without any weights; open a saved model</source>
        <translation>este é o texto JSON de uma arquitetura, sem pesos; abra um modelo salvo</translation>
    </message>
    <message>
        <source>this is a JSON text, not a model</source>
        <translation>este é um texto JSON, não um modelo</translation>
    </message>
    <message>
        <source>this is a text file, not a model; it begins with &quot;%1&quot;</source>
        <translation>este é um arquivo de texto, não um modelo; ele começa com &quot;%1&quot;</translation>
    </message>
    <message>
        <source>this file is cut short: only the first %1 bytes of an HDF5 file are here; copy or download it again</source>
        <translation>este arquivo está cortado: só os primeiros %1 bytes de um arquivo HDF5 estão aqui; copie ou baixe de novo</translation>
    </message>
    <message>
        <source>this HDF5 file is cut short: only %1 bytes are here; copy or download it again</source>
        <translation>este arquivo HDF5 está cortado: só %1 bytes estão aqui; copie ou baixe de novo</translation>
    </message>
    <message>
        <source>this HDF5 file is cut short: %1 of %2 bytes are here; copy or download it again</source>
        <translation>este arquivo HDF5 está cortado: %1 de %2 bytes estão aqui; copie ou baixe de novo</translation>
    </message>
    <message>
        <source>this looks like an HDF5 file whose first bytes are damaged, as after a transfer in text mode; copy or download it again</source>
        <translation>isto parece um arquivo HDF5 com os primeiros bytes danificados, como depois de uma transferência em modo texto; copie ou baixe de novo</translation>
    </message>
    <message>
        <source>the HDF5 file is damaged and cannot be opened</source>
        <translation>o arquivo HDF5 está danificado e não pode ser aberto</translation>
    </message>
    <message>
        <source>this file is damaged: it claims more values than the memory can hold</source>
        <translation>este arquivo está danificado: ele declara mais valores do que cabem na memória</translation>
    </message>
    <message>
        <source>this is a PyTorch file, not a Keras model</source>
        <translation>este é um arquivo PyTorch, não um modelo Keras</translation>
    </message>
    <message>
        <source>this is a NumPy archive (.npz), not a model</source>
        <translation>este é um arquivo NumPy (.npz), não um modelo</translation>
    </message>
    <message>
        <source>this is a zip archive, not a model; unpack it first</source>
        <translation>este é um arquivo zip, não um modelo; descompacte-o primeiro</translation>
    </message>
    <message>
        <source>this is a PNG picture; no model can be read from it</source>
        <translation>esta é uma imagem PNG; nenhum modelo pode ser lido dela</translation>
    </message>
    <message>
        <source>this is a JPEG picture; no model can be read from it</source>
        <translation>esta é uma imagem JPEG; nenhum modelo pode ser lido dela</translation>
    </message>
    <message>
        <source>this is a GIF picture; no model can be read from it</source>
        <translation>esta é uma imagem GIF; nenhum modelo pode ser lido dela</translation>
    </message>
    <message>
        <source>this is a PDF document; no model can be read from it</source>
        <translation>este é um documento PDF; nenhum modelo pode ser lido dele</translation>
    </message>
    <message>
        <source>this is a NumPy array (.npy); no model can be read from it</source>
        <translation>este é um array NumPy (.npy); nenhum modelo pode ser lido dele</translation>
    </message>
    <message>
        <source>this is compressed with %1; unpack it first; no model can be read from it</source>
        <translation>isto está comprimido com %1; descompacte primeiro; nenhum modelo pode ser lido daqui</translation>
    </message>
    <message>
        <source>this is a tar archive; unpack it first; no model can be read from it</source>
        <translation>este é um arquivo tar; descompacte-o primeiro; nenhum modelo pode ser lido dele</translation>
    </message>
    <message>
        <source>this is a MATLAB file; no model can be read from it</source>
        <translation>este é um arquivo MATLAB; nenhum modelo pode ser lido dele</translation>
    </message>
    <message>
        <source>this is a Python pickle, which could run any code and is not opened; save the model with model.save(&apos;name.h5&apos;) in Keras</source>
        <translation>este é um pickle Python, que poderia executar qualquer código e não é aberto; salve o modelo com model.save(&apos;nome.h5&apos;) no Keras</translation>
    </message>
    <message>
        <source>this is part of a TensorFlow checkpoint that is damaged or not complete; an .index file and its .data files belong together</source>
        <translation>isto é parte de um checkpoint do TensorFlow danificado ou incompleto; um arquivo .index e seus arquivos .data vão juntos</translation>
    </message>
    <message>
        <source>this is not a saved model of a kind known here; it begins with the bytes %1</source>
        <translation>este não é um modelo salvo de um tipo conhecido aqui; ele começa com os bytes %1</translation>
    </message>
    <message>
        <source>this is an HDF5 file, but no Keras model: it holds %1</source>
        <translation>este é um arquivo HDF5, mas não um modelo Keras: contém %1</translation>
    </message>
    <message>
        <source>the configuration does not describe a model</source>
        <translation>a configuração não descreve um modelo</translation>
    </message>
    <message>
        <source>The file does not say at its root which Keras wrote it.</source>
        <translation>O arquivo não diz na raiz qual Keras o gravou.</translation>
    </message>
    <message>
        <source>The version is taken from elsewhere in it, or told from its contents.</source>
        <translation>A versão é tirada de outro lugar dele ou deduzida do conteúdo.</translation>
    </message>
    <message>
        <source>The file says that Keras %1 wrote it, a version that this program does not know.</source>
        <translation>O arquivo diz que o Keras %1 o gravou, versão que este programa não conhece.</translation>
    </message>
    <message>
        <source>It is read like a file of Keras 3.</source>
        <translation>Ele é lido como um arquivo do Keras 3.</translation>
    </message>
    <message>
        <source>Another program has this file open for writing; what is shown may change.</source>
        <translation>Outro programa está com este arquivo aberto para escrita; o que se mostra pode mudar.</translation>
    </message>
    <message>
        <source>Open it again when that program is done.</source>
        <translation>Abra-o de novo quando esse programa terminar.</translation>
    </message>
    <message>
        <source>Other data stand before the HDF5 part of the file (a user block).</source>
        <translation>Outros dados estão antes da parte HDF5 do arquivo (um bloco de usuário).</translation>
    </message>
    <message>
        <source>They are kept when the file is saved again.</source>
        <translation>Eles são mantidos quando o arquivo é salvo de novo.</translation>
    </message>
    <message>
        <source>Only the weights can be shown.</source>
        <translation>Só os pesos podem ser mostrados.</translation>
    </message>
    <message>
        <source>Choose loss and optimizer anew before training.</source>
        <translation>Escolha de novo perda e otimizador antes de treinar.</translation>
    </message>
    <message>
        <source>The training set-up is not a JSON object.</source>
        <translation>A configuração de treino não é um objeto JSON.</translation>
    </message>
    <message>
        <source>The loss history is lost; everything else is sound.</source>
        <translation>O histórico de perda se perdeu; todo o resto está íntegro.</translation>
    </message>
    <message>
        <source>This array cannot be read: %1.</source>
        <translation>Este array não pode ser lido: %1.</translation>
    </message>
    <message>
        <source>The other weights are sound.</source>
        <translation>Os outros pesos estão íntegros.</translation>
    </message>
    <message>
        <source>The layer is listed, but its weights are missing: %1.</source>
        <translation>A camada está na lista, mas seus pesos faltam: %1.</translation>
    </message>
    <message>
        <source>The groups were paired with the layers by name.</source>
        <translation>Os grupos foram pareados com as camadas pelo nome.</translation>
    </message>
    <message>
        <source>The list of layers is empty, although the file holds %1 groups of weights.</source>
        <translation>A lista de camadas está vazia, embora o arquivo contenha %1 grupos de pesos.</translation>
    </message>
    <message>
        <source>The weights cannot be read: %1.</source>
        <translation>Os pesos não podem ser lidos: %1.</translation>
    </message>
    <message>
        <source>The architecture can be shown; training would start from nothing.</source>
        <translation>A arquitetura pode ser mostrada; o treino começaria do nada.</translation>
    </message>
    <message>
        <source>The optimizer&apos;s state cannot be read: %1.</source>
        <translation>O estado do otimizador não pode ser lido: %1.</translation>
    </message>
    <message>
        <source>Training would start the optimizer afresh.</source>
        <translation>O treino recomeçaria o otimizador.</translation>
    </message>
    <message>
        <source>The file says how the model was compiled, but holds no optimizer state.</source>
        <translation>O arquivo diz como o modelo foi compilado, mas não contém estado do otimizador.</translation>
    </message>
    <message>
        <source>Training starts the optimizer afresh.</source>
        <translation>O treino recomeça o otimizador.</translation>
    </message>
    <message>
        <source>The file holds weights and no architecture (there is no model_config).</source>
        <translation>O arquivo contém pesos e nenhuma arquitetura (não há model_config).</translation>
    </message>
    <message>
        <source>Take the architecture from another file of the same model.</source>
        <translation>Tome a arquitetura de outro arquivo do mesmo modelo.</translation>
    </message>
    <message>
        <source>Keras converts them when it loads the file.</source>
        <translation>O Keras os converte quando carrega o arquivo.</translation>
    </message>
    <message>
        <source>The rest of the file is sound.</source>
        <translation>O resto do arquivo está íntegro.</translation>
    </message>
    <message>
        <source>A member has no name.</source>
        <translation>Um membro não tem nome.</translation>
    </message>
    <message>
        <source>This is a link and is not followed: it could lead out of the file.</source>
        <translation>Isto é um link e não é seguido: poderia levar para fora do arquivo.</translation>
    </message>
    <message>
        <source>Nothing in the file refers to this; it is kept as it is.</source>
        <translation>Nada no arquivo se refere a isto; é mantido como está.</translation>
    </message>
    <message>
        <source>This attribute is not one of Keras&apos;s; it is kept as it is.</source>
        <translation>Este atributo não é do Keras; é mantido como está.</translation>
    </message>
    <message>
        <source>%1 more things in the file are like this.</source>
        <translation>Mais %1 coisas no arquivo são assim.</translation>
    </message>
    <message>
        <source>The file holds %1 weights for this layer, its configuration asks for %2.</source>
        <translation>O arquivo contém %1 pesos para esta camada; a configuração pede %2.</translation>
    </message>
    <message>
        <source>The weights are shown as they are; Keras will refuse to load them.</source>
        <translation>Os pesos são mostrados como estão; o Keras se recusará a carregá-los.</translation>
    </message>
    <message>
        <source>Its weights are stored under the name &apos;%1&apos;.</source>
        <translation>Seus pesos estão gravados sob o nome &apos;%1&apos;.</translation>
    </message>
    <message>
        <source>They were paired by position, as Keras does.</source>
        <translation>Eles foram pareados pela posição, como faz o Keras.</translation>
    </message>
    <message>
        <source>The file holds no weights for this layer.</source>
        <translation>O arquivo não contém pesos para esta camada.</translation>
    </message>
    <message>
        <source>Keras will refuse to load it. The other layers are sound.</source>
        <translation>O Keras se recusará a carregá-lo. As outras camadas estão íntegras.</translation>
    </message>
    <message>
        <source>The file holds weights under this name, and the model has no such layer.</source>
        <translation>O arquivo contém pesos sob este nome, e o modelo não tem essa camada.</translation>
    </message>
    <message>
        <source>They are kept and saved.</source>
        <translation>Eles são mantidos e salvos.</translation>
    </message>
    <message>
        <source>The order of the variables of &apos;%1&apos; is not known.</source>
        <translation>A ordem das variáveis de &apos;%1&apos; não é conhecida.</translation>
    </message>
    <message>
        <source>Its %1 variables do not fit %2 over %3 trained weights.</source>
        <translation>Suas %1 variáveis não combinam com %2 sobre %3 pesos treinados.</translation>
    </message>
    <message>
        <source>They are kept and saved as they are; training cannot continue with them.</source>
        <translation>Elas são mantidas e salvas como estão; o treino não pode continuar com elas.</translation>
    </message>
    <message>
        <source>The layer is Python code inside the file. It is never run here.</source>
        <translation>A camada é código Python dentro do arquivo. Aqui ele nunca é executado.</translation>
    </message>
    <message>
        <source>The code is kept; only Keras itself can compute this layer.</source>
        <translation>O código é mantido; só o próprio Keras consegue calcular esta camada.</translation>
    </message>
    <message>
        <source>The layer would load another model from somewhere. That is never done here.</source>
        <translation>A camada carregaria outro modelo de algum lugar. Aqui isso nunca é feito.</translation>
    </message>
    <message>
        <source>Open that model by itself.</source>
        <translation>Abra esse modelo à parte.</translation>
    </message>
    <message>
        <source>The layer&apos;s class &apos;%1&apos; is not one of Keras&apos;s.</source>
        <translation>A classe &apos;%1&apos; da camada não é uma das do Keras.</translation>
    </message>
    <message>
        <source>It is shown and kept, but cannot be computed.</source>
        <translation>Ela é mostrada e mantida, mas não pode ser calculada.</translation>
    </message>
    <message>
        <source>The data type &apos;%1&apos; is not known.</source>
        <translation>O tipo de dado &apos;%1&apos; não é conhecido.</translation>
    </message>
    <message>
        <source>The activation function is not understood.</source>
        <translation>A função de ativação não é entendida.</translation>
    </message>
    <message>
        <source>The activation function &apos;%1&apos; is not one of Keras&apos;s.</source>
        <translation>A função de ativação &apos;%1&apos; não é uma das do Keras.</translation>
    </message>
    <message>
        <source>The %1 %2 is not a possible shape.</source>
        <translation>%1 %2 não é um formato possível.</translation>
    </message>
    <message>
        <source>The configuration gives %1 as %2, which is no size.</source>
        <translation>A configuração dá %1 como %2, o que não é um tamanho.</translation>
    </message>
    <message>
        <source>The weights are sound; the model cannot be computed.</source>
        <translation>Os pesos estão íntegros; o modelo não pode ser calculado.</translation>
    </message>
    <message>
        <source>The configuration says %1 %2, but the kernel in the file has shape %3.</source>
        <translation>A configuração diz %1 %2, mas o kernel no arquivo tem o formato %3.</translation>
    </message>
    <message>
        <source>Weights and architecture are of different models.</source>
        <translation>Pesos e arquitetura são de modelos diferentes.</translation>
    </message>
    <message>
        <source>%1 references in the graph of &apos;%2&apos; point to layer calls that do not exist.</source>
        <translation>%1 referências no grafo de &apos;%2&apos; apontam para chamadas de camadas que não existem.</translation>
    </message>
    <message>
        <source>The graph cannot be run; layers and weights can be looked at and saved.</source>
        <translation>O grafo não pode ser executado; camadas e pesos podem ser vistos e salvos.</translation>
    </message>
    <message>
        <source>The graph of &apos;%1&apos; runs in a circle.</source>
        <translation>O grafo de &apos;%1&apos; anda em círculo.</translation>
    </message>
    <message>
        <source>It cannot be run; layers and weights can be looked at and saved.</source>
        <translation>Ele não pode ser executado; camadas e pesos podem ser vistos e salvos.</translation>
    </message>
    <message>
        <source>Two of its layers are called &apos;%1&apos;.</source>
        <translation>Duas de suas camadas se chamam &apos;%1&apos;.</translation>
    </message>
    <message>
        <source>Its graph refers to a layer &apos;%1&apos; that does not exist.</source>
        <translation>Seu grafo se refere a uma camada &apos;%1&apos; que não existe.</translation>
    </message>
    <message>
        <source>this is a folder; give the name of a file</source>
        <translation>esta é uma pasta; dê o nome de um arquivo</translation>
    </message>
    <message>
        <source>there is no folder %1 to save into</source>
        <translation>não há uma pasta %1 em que salvar</translation>
    </message>
    <message>
        <source>this is not an ordinary file</source>
        <translation>este não é um arquivo comum</translation>
    </message>
    <message>
        <source>saving was stopped; the old file is as it was</source>
        <translation>o salvamento foi interrompido; o arquivo antigo está como estava</translation>
    </message>
    <message>
        <source>the check of what was written failed, so the old file was kept: %1</source>
        <translation>a verificação do que foi gravado falhou, e por isso o arquivo antigo foi mantido: %1</translation>
    </message>
    <message>
        <source>Keras 3 does not restore an optimizer&apos;s state from .h5 files, its own included; the state is in the file all the same.</source>
        <translation>O Keras 3 não restaura o estado do otimizador de arquivos .h5, nem dos próprios; mesmo assim o estado está no arquivo.</translation>
    </message>
    <message>
        <source>The decay of the learning rate became an InverseTimeDecay schedule, which gives the same rates.</source>
        <translation>O decaimento da taxa de aprendizado virou um cronograma InverseTimeDecay, que dá as mesmas taxas.</translation>
    </message>
    <message>
        <source>The optimizer&apos;s epsilon stands outside the root before Keras 2.11: weights that hardly ever changed take larger steps.</source>
        <translation>Antes do Keras 2.11 o épsilon do otimizador fica fora da raiz: pesos que quase nunca mudaram dão passos maiores.</translation>
    </message>
    <message>
        <source>there is no folder %1</source>
        <translation>não existe a pasta %1</translation>
    </message>
    <message>
        <source>this folder holds something else than a saved model and is not replaced</source>
        <translation>esta pasta contém outra coisa que não um modelo salvo e não é substituída</translation>
    </message>
    <message>
        <source>this file is write-protected; save under another name or in another folder</source>
        <translation>este arquivo está protegido contra escrita; salve com outro nome ou em outra pasta</translation>
    </message>
    <message>
        <source>this checkpoint is write-protected</source>
        <translation>este checkpoint está protegido contra escrita</translation>
    </message>
    <message>
        <source>there is no format &apos;%1&apos; to save in; known are %2</source>
        <translation>não existe o formato &apos;%1&apos; para salvar; os conhecidos são %2</translation>
    </message>
    <message>
        <source>the file holds weights without the model they belong to, which is needed to save them for another Keras</source>
        <translation>o arquivo contém pesos sem o modelo a que pertencem, que é necessário para salvá-los para outro Keras</translation>
    </message>
    <message>
        <source>there is no architecture to save, only weights; save them as %1</source>
        <translation>não há arquitetura para salvar, só pesos; salve-os como %1</translation>
    </message>
    <message>
        <source>only Keras 2 can load a SavedModel, and this model is in the dialect of Keras 3</source>
        <translation>só o Keras 2 carrega um SavedModel, e este modelo está no dialeto do Keras 3</translation>
    </message>
    <message>
        <source>this model&apos;s layers are connected by Python code that is not in the file; only its weights can be saved for another Keras</source>
        <translation>as camadas deste modelo são ligadas por código Python que não está no arquivo; só os pesos podem ser salvos para outro Keras</translation>
    </message>
    <message>
        <source>Keras 3 has no layer %1</source>
        <translation>o Keras 3 não tem a camada %1</translation>
    </message>
    <message>
        <source>Keras 2 has no layer %1</source>
        <translation>o Keras 2 não tem a camada %1</translation>
    </message>
    <message>
        <source>this layer is quantized, which Keras 2 does not know</source>
        <translation>esta camada é quantizada, o que o Keras 2 não conhece</translation>
    </message>
    <message>
        <source>too many files are open at once; close some and try again</source>
        <translation>há arquivos demais abertos ao mesmo tempo; feche alguns e tente de novo</translation>
    </message>
    <message>
        <source>the links that lead to this file run in a circle; open the file itself</source>
        <translation>os links que levam a este arquivo andam em círculo; abra o próprio arquivo</translation>
    </message>
    <message>
        <source>this name is longer than names may be; check the path</source>
        <translation>este nome é mais longo do que o permitido; verifique o caminho</translation>
    </message>
    <message>
        <source>the disk reports a failure; copy the file to another disk, or get it again</source>
        <translation>o disco relata uma falha; copie o arquivo para outro disco ou obtenha-o de novo</translation>
    </message>
    <message>
        <source>there is not enough memory to open this file; close other programs and try again</source>
        <translation>não há memória suficiente para abrir este arquivo; feche outros programas e tente de novo</translation>
    </message>
    <message>
        <source>there is not enough memory to unpack this file; close other programs and try again</source>
        <translation>não há memória suficiente para descompactar este arquivo; feche outros programas e tente de novo</translation>
    </message>
    <message>
        <source>the network drive that holds this file does not answer; connect to it again</source>
        <translation>a unidade de rede em que este arquivo está não responde; conecte-se a ela de novo</translation>
    </message>
    <message>
        <source>the system refuses to read this file (error %1); copy it to another folder and open the copy</source>
        <translation>o sistema se recusa a ler este arquivo (erro %1); copie-o para outra pasta e abra a cópia</translation>
    </message>
    <message>
        <source>the disk is full (%1 bytes are free); make room, or save somewhere else</source>
        <translation>o disco está cheio (%1 bytes livres); libere espaço ou salve em outro lugar</translation>
    </message>
    <message>
        <source>the disk is full; make room, or save somewhere else</source>
        <translation>o disco está cheio; libere espaço ou salve em outro lugar</translation>
    </message>
    <message>
        <source>the disk is too full: the file takes %1 bytes, %2 are free; make room, or save somewhere else</source>
        <translation>o disco está cheio demais: o arquivo ocupa %1 bytes, há %2 livres; libere espaço ou salve em outro lugar</translation>
    </message>
    <message>
        <source>your share of the disk (quota) is used up; make room, or save somewhere else</source>
        <translation>a sua parte do disco (cota) acabou; libere espaço ou salve em outro lugar</translation>
    </message>
    <message>
        <source>the file would be larger than files may be here (ulimit -f, or the file system); save somewhere else</source>
        <translation>o arquivo seria maior do que se permite aqui (ulimit -f, ou o sistema de arquivos); salve em outro lugar</translation>
    </message>
    <message>
        <source>this account may not write there; save somewhere else, or change the permissions</source>
        <translation>esta conta não pode gravar ali; salve em outro lugar ou mude as permissões</translation>
    </message>
    <message>
        <source>the disk is write-protected; save somewhere else</source>
        <translation>o disco está protegido contra escrita; salve em outro lugar</translation>
    </message>
    <message>
        <source>the disk reports a failure; save somewhere else, and look after the disk</source>
        <translation>o disco relata uma falha; salve em outro lugar e verifique o disco</translation>
    </message>
    <message>
        <source>the folder is no longer there; save somewhere else</source>
        <translation>a pasta não está mais lá; salve em outro lugar</translation>
    </message>
    <message>
        <source>this name is longer than names may be; choose a shorter one</source>
        <translation>este nome é mais longo do que o permitido; escolha um mais curto</translation>
    </message>
    <message>
        <source>another program is using this file; close it there, or save somewhere else</source>
        <translation>outro programa está usando este arquivo; feche-o lá ou salve em outro lugar</translation>
    </message>
    <message>
        <source>the network drive does not answer; connect to it again, or save somewhere else</source>
        <translation>a unidade de rede não responde; conecte-se a ela de novo ou salve em outro lugar</translation>
    </message>
    <message>
        <source>the system refuses to write there (error %1); save somewhere else</source>
        <translation>o sistema se recusa a gravar ali (erro %1); salve em outro lugar</translation>
    </message>
    <message>
        <source>there is not enough memory for this</source>
        <translation>não há memória suficiente para isso</translation>
    </message>
    <message>
        <source>another program has cut the file short since it was opened; open it again</source>
        <translation>outro programa cortou o arquivo desde que ele foi aberto; abra-o de novo</translation>
    </message>
    <message>
        <source>another program has cut this file short since it was opened, so that it cannot be saved from here</source>
        <translation>outro programa cortou este arquivo desde que ele foi aberto, e por isso ele não pode ser salvo daqui</translation>
    </message>
    <message>
        <source>This is a folder; choose a file in it.</source>
        <translation>Isto é uma pasta; escolha um arquivo dela.</translation>
    </message>
    <message>
        <source>The file is empty; get it again.</source>
        <translation>O arquivo está vazio; obtenha-o de novo.</translation>
    </message>
    <message>
        <source>this is a folder; an .npz file is needed</source>
        <translation>isto é uma pasta; é preciso um arquivo .npz</translation>
    </message>
    <message>
        <source>this is not an .npz archive (numpy.savez writes them), or it is cut off</source>
        <translation>isto não é um arquivo .npz (numpy.savez os grava), ou ele está cortado</translation>
    </message>
    <message>
        <source>the array&apos;s data end early or fail their checksum</source>
        <translation>os dados do array terminam antes da hora ou não conferem com sua soma de verificação</translation>
    </message>
    <message>
        <source>Line %1 opens a quote that is never closed.</source>
        <translation>A linha %1 abre aspas que nunca se fecham.</translation>
    </message>
    <message>
        <source>Line %1 has %2 cells; the lines before it have %3.</source>
        <translation>A linha %1 tem %2 células; as linhas anteriores têm %3.</translation>
    </message>
    <message>
        <source>There is no column &quot;%1&quot;; there are %2.</source>
        <translation>Não há a coluna &quot;%1&quot;; há %2.</translation>
    </message>
    <message>
        <source>The table has %1 rows and %2 columns; at least one row, a feature and a target are needed.</source>
        <translation>A tabela tem %1 linhas e %2 colunas; é preciso ao menos uma linha, um atributo e um alvo.</translation>
    </message>
    <message>
        <source>All columns are targets; at least one must be a feature.</source>
        <translation>Todas as colunas são alvos; ao menos uma precisa ser um atributo.</translation>
    </message>
    <message>
        <source>The archive has no inputs; they are members named x, x_0, x_1 … or x:&lt;input name&gt;.</source>
        <translation>O arquivo não tem entradas; elas são membros chamados x, x_0, x_1 … ou x:&lt;nome da entrada&gt;.</translation>
    </message>
    <message>
        <source>The archive has no inputs; they are members named x, x_0, x_1 … or x:&lt;input name&gt; (it has %1).</source>
        <translation>O arquivo não tem entradas; elas são membros chamados x, x_0, x_1 … ou x:&lt;nome da entrada&gt; (ele tem %1).</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is not a data set that can be read: give a .npz or .csv file, or builtin:NAME.</source>
        <translation>&quot;%1&quot; não é um conjunto de dados que possa ser lido: dê um arquivo .npz ou .csv, ou builtin:NOME.</translation>
    </message>
    <message>
        <source>Row %1 has class %2; the model&apos;s output has classes 0 to %3.</source>
        <translation>A linha %1 tem a classe %2; a saída do modelo tem as classes de 0 a %3.</translation>
    </message>
    <message>
        <source>Target number %1 is class %2; the model&apos;s output has classes 0 to %3.</source>
        <translation>O alvo número %1 é da classe %2; a saída do modelo tem as classes de 0 a %3.</translation>
    </message>
    <message>
        <source>The data have %1 rows of inputs and shape %2 elsewhere; each needs the same number of rows.</source>
        <translation>Os dados têm %1 linhas de entradas e forma %2 em outro lugar; todos precisam do mesmo número de linhas.</translation>
    </message>
    <message>
        <source>The data have %1 rows in one place and shape %2 in another; each needs the same number of rows.</source>
        <translation>Os dados têm %1 linhas em um lugar e forma %2 em outro; todos precisam do mesmo número de linhas.</translation>
    </message>
    <message>
        <source>The data set has no rows.</source>
        <translation>O conjunto de dados não tem linhas.</translation>
    </message>
    <message>
        <source>The model takes text; training on text is not possible here.</source>
        <translation>O modelo recebe texto; aqui não é possível treinar com texto.</translation>
    </message>
    <message>
        <source>The model has %1 outputs and the data have targets for %2.</source>
        <translation>O modelo tem %1 saídas e os dados têm alvos para %2.</translation>
    </message>
    <message>
        <source>A validation split of %1 leaves no rows on one side of %2.</source>
        <translation>Uma parte de validação de %1 não deixa linhas de um dos lados de %2.</translation>
    </message>
    <message>
        <source>All weights are frozen; there is nothing to train.</source>
        <translation>Todos os pesos estão congelados; não há o que treinar.</translation>
    </message>
    <message>
        <source>The weight constraint &quot;%1&quot; cannot be run.</source>
        <translation>A restrição de pesos &quot;%1&quot; não pode ser executada.</translation>
    </message>
    <message>
        <source>The file names no optimizer; choose one to train.</source>
        <translation>O arquivo não indica um otimizador; escolha um para treinar.</translation>
    </message>
    <message>
        <source>The optimizer &quot;%1&quot; cannot be run; choose another one to train (it starts fresh).</source>
        <translation>O otimizador &quot;%1&quot; não pode ser executado; escolha outro para treinar (ele começa do zero).</translation>
    </message>
    <message>
        <source>The learning rate is neither a number nor a schedule; choose one to train on.</source>
        <translation>A taxa de aprendizado não é um número nem uma programação; escolha uma para treinar.</translation>
    </message>
    <message>
        <source>The learning-rate schedule &quot;%1&quot; is not one of Keras&apos;s; give a learning rate of your own to train on.</source>
        <translation>A programação da taxa de aprendizado &quot;%1&quot; não é do Keras; dê uma taxa de aprendizado própria para treinar.</translation>
    </message>
    <message>
        <source>The loss &quot;%1&quot; is Python code of its own and cannot be computed; choose another loss to train.</source>
        <translation>A perda &quot;%1&quot; é código Python próprio e não pode ser calculada; escolha outra perda para treinar.</translation>
    </message>
    <message>
        <source>The file names no loss for any output; choose a loss to train.</source>
        <translation>O arquivo não indica perda para nenhuma saída; escolha uma perda para treinar.</translation>
    </message>
    <message>
        <source>layer &apos;%1&apos; (%2): %3</source>
        <translation>camada &apos;%1&apos; (%2): %3</translation>
    </message>
    <message>
        <source>model &apos;%1&apos; (%2): %3</source>
        <translation>modelo &apos;%1&apos; (%2): %3</translation>
    </message>
    <message>
        <source>its graph is Python code, so it cannot be run</source>
        <translation>seu grafo é código Python, por isso não pode ser executado</translation>
    </message>
    <message>
        <source>its graph is Python code, so its inputs are not known</source>
        <translation>seu grafo é código Python, por isso suas entradas não são conhecidas</translation>
    </message>
    <message>
        <source>Layerscope cannot run this layer</source>
        <translation>o Layerscope não consegue executar esta camada</translation>
    </message>
    <message>
        <source>this layer is not known to Layerscope, so it cannot be run</source>
        <translation>o Layerscope não conhece esta camada, por isso ela não pode ser executada</translation>
    </message>
    <message>
        <source>the activation &apos;%1&apos; is not known</source>
        <translation>a ativação &apos;%1&apos; não é conhecida</translation>
    </message>
    <message>
        <source>the output mode &apos;%1&apos; cannot be computed here</source>
        <translation>o modo de saída &apos;%1&apos; não pode ser calculado aqui</translation>
    </message>
    <message>
        <source>its vocabulary cannot be looked up here</source>
        <translation>seu vocabulário não pode ser consultado aqui</translation>
    </message>
    <message>
        <source>its boundaries are not in the configuration</source>
        <translation>seus limites não estão na configuração</translation>
    </message>
    <message>
        <source>its random changes cannot be computed here</source>
        <translation>suas alterações ao acaso não podem ser calculadas aqui</translation>
    </message>
    <message>
        <source>its random crops cannot be computed here</source>
        <translation>seus recortes ao acaso não podem ser calculados aqui</translation>
    </message>
    <message>
        <source>batch renormalization cannot be trained here</source>
        <translation>a renormalização de lote não pode ser treinada aqui</translation>
    </message>
    <message>
        <source>its mode is code or is not known</source>
        <translation>seu modo é código ou não é conhecido</translation>
    </message>
    <message>
        <source>its cell &apos;%1&apos; is not known</source>
        <translation>sua célula &apos;%1&apos; não é conhecida</translation>
    </message>
    <message>
        <source>the interpolation &apos;%1&apos; is not known</source>
        <translation>a interpolação &apos;%1&apos; não é conhecida</translation>
    </message>
    <message>
        <source>input &apos;%1&apos;: the file does not tell its shape</source>
        <translation>entrada &apos;%1&apos;: o arquivo não diz sua forma</translation>
    </message>
    <message>
        <source>input &apos;%1&apos; takes strings, which Layerscope cannot compute with</source>
        <translation>a entrada &apos;%1&apos; recebe textos, com os quais o Layerscope não sabe calcular</translation>
    </message>
    <message>
        <source>the regularizer &apos;%1&apos; is not known</source>
        <translation>o regularizador &apos;%1&apos; não é conhecido</translation>
    </message>
    <message>
        <source>Row %1 (line %2), column &quot;%3&quot; is empty; fill it in or leave the row out.</source>
        <translation>A linha de dados %1 (linha %2 do arquivo), coluna &quot;%3&quot;, está vazia; preencha-a ou deixe a linha de fora.</translation>
    </message>
    <message>
        <source>Row %1 (line %2), column &quot;%3&quot; holds &quot;%4&quot;, which is not a number; features must be numbers.</source>
        <translation>A linha de dados %1 (linha %2 do arquivo), coluna &quot;%3&quot;, contém &quot;%4&quot;, que não é um número; os atributos precisam ser números.</translation>
    </message>
    <message>
        <source>Input %1 (&quot;%2&quot;) of the data has shape %3; the model needs %4 (None is the number of rows).</source>
        <translation>A entrada %1 (&quot;%2&quot;) dos dados tem forma %3; o modelo precisa de %4 (None é o número de linhas).</translation>
    </message>
    <message>
        <source>The target of the data has shape %1; the model needs %2 (None is the number of rows).</source>
        <translation>O alvo dos dados tem forma %1; o modelo precisa de %2 (None é o número de linhas).</translation>
    </message>
    <message>
        <source>Target %1 (&quot;%2&quot;) of the data has shape %3; the model needs %4 (None is the number of rows).</source>
        <translation>O alvo %1 (&quot;%2&quot;) dos dados tem forma %3; o modelo precisa de %4 (None é o número de linhas).</translation>
    </message>
    <message>
        <source>The data have %1 inputs and the model has %2.</source>
        <translation>Os dados têm %1 entradas e o modelo tem %2.</translation>
    </message>
    <message>
        <source>The data have %1 targets and the model has %2.</source>
        <translation>Os dados têm %1 alvos e o modelo tem %2.</translation>
    </message>
    <message>
        <source>The data hold nothing named &quot;%1&quot; among their inputs.</source>
        <translation>Os dados não têm nada chamado &quot;%1&quot; entre as entradas.</translation>
    </message>
    <message>
        <source>The data hold nothing named &quot;%1&quot; among their targets.</source>
        <translation>Os dados não têm nada chamado &quot;%1&quot; entre os alvos.</translation>
    </message>
    <message>
        <source>writing</source>
        <translation>gravando</translation>
    </message>
    <message>
        <source>checking</source>
        <translation>conferindo</translation>
    </message>
    <message>
        <source>comparing</source>
        <translation>comparando</translation>
    </message>
    <message>
        <source>comparing the checksum</source>
        <translation>conferindo a soma de verificação</translation>
    </message>
    <message>
        <source>The architecture cannot be read: %1.</source>
        <translation>A arquitetura não pode ser lida: %1.</translation>
    </message>
    <message>
        <source>The training set-up cannot be read: %1.</source>
        <translation>A configuração de treino não pode ser lida: %1.</translation>
    </message>
    <message>
        <source>the text is not JSON: it breaks off after %1 bytes</source>
        <translation>o texto não é JSON: ele se interrompe depois de %1 bytes</translation>
    </message>
    <message>
        <source>the text is not JSON: it goes wrong at byte %1 of %2</source>
        <translation>o texto não é JSON: há um erro no byte %1 de %2</translation>
    </message>
    <message>
        <source>the JSON text holds a number that is out of range</source>
        <translation>o texto JSON contém um número fora do intervalo possível</translation>
    </message>
    <message>
        <source>the weights do not fit the architecture: %1</source>
        <translation>os pesos não cabem na arquitetura: %1</translation>
    </message>
    <message>
        <source>the architecture has %1 layers with weights, the file holds weights of %2</source>
        <translation>a arquitetura tem %1 camadas com pesos, o arquivo contém pesos de %2</translation>
    </message>
    <message>
        <source>the architecture has 1 layer with weights, the file holds weights of %1</source>
        <translation>a arquitetura tem 1 camada com pesos, o arquivo contém pesos de %1</translation>
    </message>
    <message>
        <source>&apos;%1&apos; of layer &apos;%2&apos; should have shape %3 and has %4</source>
        <translation>&apos;%1&apos; da camada &apos;%2&apos; deveria ter a forma %3 e tem %4</translation>
    </message>
    <message>
        <source>&apos;%1&apos; of layer &apos;%2&apos; is not in the file</source>
        <translation>&apos;%1&apos; da camada &apos;%2&apos; não está no arquivo</translation>
    </message>
    <message>
        <source>layer &apos;%1&apos; of the file is extra</source>
        <translation>a camada &apos;%1&apos; do arquivo sobra</translation>
    </message>
    <message>
        <source>The weights come without an optimizer state: training starts with a fresh one.</source>
        <translation>Os pesos vêm sem estado do otimizador: o treino começa com um novo.</translation>
    </message>
    <message>
        <source>The optimizer state of the weights&apos; file (%1 variables) does not fit this model and was left out: training starts with a fresh one.</source>
        <translation>O estado do otimizador do arquivo de pesos (%1 variáveis) não serve para este modelo e ficou de fora: o treino começa com um novo.</translation>
    </message>
    <message>
        <source>The names look like PyTorch&apos;s, which keeps kernels transposed: Layerscope never guesses that. Convert them to Keras&apos;s names and shapes first.</source>
        <translation>Os nomes parecem os do PyTorch, que guarda os kernels transpostos: o Layerscope nunca adivinha isso. Converta-os antes para os nomes e formas do Keras.</translation>
    </message>
    <message>
        <source>This file lists layers by class: their order is a guess from the shapes.</source>
        <translation>Este arquivo lista as camadas por classe: a ordem delas é um palpite a partir das formas.</translation>
    </message>
    <message>
        <source>its name says so</source>
        <translation>o nome diz isso</translation>
    </message>
    <message>
        <source>only if a single place is left</source>
        <translation>só se restar um único lugar</translation>
    </message>
    <message>
        <source>%1 features are %2 places of %3 channels</source>
        <translation>%1 atributos são %2 lugares de %3 canais</translation>
    </message>
    <message>
        <source>The layer &apos;%1&apos; became a ReLU with a threshold; its output differs only where the input is exactly the threshold.</source>
        <translation>A camada &apos;%1&apos; virou uma ReLU com limiar; a saída só difere onde a entrada é exatamente o limiar.</translation>
    </message>
    <message>
        <source>The layer &apos;%1&apos; is called &apos;%2&apos;, because the other Keras does not allow its name.</source>
        <translation>A camada &apos;%1&apos; passa a se chamar &apos;%2&apos;, porque o outro Keras não permite o nome dela.</translation>
    </message>
    <message>
        <source>The model class %1 became an ordinary model of its layers; what its Python code adds is not in the file.</source>
        <translation>A classe de modelo %1 virou um modelo comum com as mesmas camadas; o que o código Python dela acrescenta não está no arquivo.</translation>
    </message>
    <message>
        <source>The layer &apos;%1&apos; was called in training mode at all times; in Keras 3 it is inactive when the model predicts.</source>
        <translation>A camada &apos;%1&apos; era sempre chamada em modo de treino; no Keras 3 ela fica inativa quando o modelo prevê.</translation>
    </message>
    <message>
        <source>The layer &apos;%1&apos; was called in inference mode at all times; in Keras 3 it follows the mode of the model, unless it is frozen.</source>
        <translation>A camada &apos;%1&apos; era sempre chamada em modo de inferência; no Keras 3 ela segue o modo do modelo, a não ser que esteja congelada.</translation>
    </message>
    <message>
        <source>The layer &apos;%1&apos; sets %2, which only tf_keras knows: Keras 2.15 and before will refuse the file.</source>
        <translation>A camada &apos;%1&apos; define %2, que só o tf_keras conhece: o Keras 2.15 e anteriores recusarão o arquivo.</translation>
    </message>
    <message>
        <source>The vocabulary of layer &apos;%1&apos; could not be taken along; adapt the layer again before using the model.</source>
        <translation>O vocabulário da camada &apos;%1&apos; não pôde ser levado junto; adapte a camada de novo (adapt) antes de usar o modelo.</translation>
    </message>
    <message>
        <source>hard_sigmoid is a steeper function in Keras 2 than in Keras 3; the weights before it were scaled so that predictions are the same, and training will differ slightly.</source>
        <translation>hard_sigmoid é uma função mais inclinada no Keras 2 que no Keras 3; os pesos antes dela foram escalados para que as previsões sejam iguais, e o treino vai diferir um pouco.</translation>
    </message>
    <message>
        <source>Weights of bfloat16, which Keras 2 cannot load, became float32; the layers compute in bfloat16 as before.</source>
        <translation>Os pesos em bfloat16, que o Keras 2 não carrega, viraram float32; as camadas calculam em bfloat16 como antes.</translation>
    </message>
    <message>
        <source>Keras 1 kept an array for each gate of a recurrent layer; they were joined, with the optimizer&apos;s values for them.</source>
        <translation>O Keras 1 guardava um array para cada porta de uma camada recorrente; eles foram unidos, com os valores do otimizador para eles.</translation>
    </message>
    <message>
        <source>What LoRA has learned was added to the kernels, as Keras 3 does when it saves; the factors are zero now, from where they learn no further.</source>
        <translation>O que o LoRA aprendeu foi somado aos kernels, como o Keras 3 faz ao salvar; os fatores agora são zero e daí não aprendem mais.</translation>
    </message>
    <message>
        <source>What LoRA has learned was added to the kernels.</source>
        <translation>O que o LoRA aprendeu foi somado aos kernels.</translation>
    </message>
    <message>
        <source>The loss %1 exists only in Keras 3; the model was saved without loss, metrics and optimizer.</source>
        <translation>A perda %1 só existe no Keras 3; o modelo foi salvo sem perda, métricas e otimizador.</translation>
    </message>
    <message>
        <source>Keras 3 does not save the delta of a Huber loss; it is 1.0 now.</source>
        <translation>O Keras 3 não salva o delta de uma perda Huber; agora ele vale 1,0.</translation>
    </message>
    <message>
        <source>The loss is averaged over the number of examples in Keras 2, which differs where examples have weights.</source>
        <translation>No Keras 2 a média da perda é pelo número de exemplos, o que difere quando os exemplos têm pesos.</translation>
    </message>
    <message>
        <source>The metric %1 exists only in Keras 3 and was left out.</source>
        <translation>A métrica %1 só existe no Keras 3 e ficou de fora.</translation>
    </message>
    <message>
        <source>The file does not say which optimizer the model was compiled with, which Keras 2 needs; it was saved without loss and metrics.</source>
        <translation>O arquivo não diz com qual otimizador o modelo foi compilado, o que o Keras 2 exige; ele foi salvo sem perda e métricas.</translation>
    </message>
    <message>
        <source>The model can be saved only without loss, metrics and optimizer: %1.</source>
        <translation>O modelo só pode ser salvo sem perda, métricas e otimizador: %1.</translation>
    </message>
    <message>
        <source>The model can be saved only without loss, metrics and optimizer: %1. Choose h5-keras2, or another optimizer.</source>
        <translation>O modelo só pode ser salvo sem perda, métricas e otimizador: %1. Escolha h5-keras2 ou outro otimizador.</translation>
    </message>
    <message>
        <source>there is no optimizer %1 in Keras 2</source>
        <translation>não existe o otimizador %1 no Keras 2</translation>
    </message>
    <message>
        <source>there is no optimizer %1 before Keras 2.11</source>
        <translation>não existe o otimizador %1 antes do Keras 2.11</translation>
    </message>
    <message>
        <source>gradients cannot be accumulated over several steps in Keras 2</source>
        <translation>não é possível acumular gradientes por vários passos no Keras 2</translation>
    </message>
    <message>
        <source>gradients cannot be accumulated over several steps before Keras 2.11</source>
        <translation>não é possível acumular gradientes por vários passos antes do Keras 2.11</translation>
    </message>
    <message>
        <source>its optimizer&apos;s %1 does not exist before Keras 2.11</source>
        <translation>o ajuste %1 do otimizador não existe antes do Keras 2.11</translation>
    </message>
    <message>
        <source>The optimizer had a decay beside its schedule; it was left out, and the learning rate falls more slowly.</source>
        <translation>O otimizador tinha um decay além da agenda; ele ficou de fora, e a taxa de aprendizado cai mais devagar.</translation>
    </message>
    <message>
        <source>The optimizer&apos;s epsilon was squared: it stands inside the root from Keras 2.11 on.</source>
        <translation>O epsilon do otimizador foi elevado ao quadrado: a partir do Keras 2.11 ele fica dentro da raiz.</translation>
    </message>
    <message>
        <source>Nadam&apos;s momentum schedule differs from Keras 2.11 on; training will not follow the old run exactly.</source>
        <translation>A agenda de momento do Nadam é outra a partir do Keras 2.11; o treino não seguirá exatamente o anterior.</translation>
    </message>
    <message>
        <source>Nadam&apos;s momentum schedule differs before Keras 2.11; training will not follow the old run exactly.</source>
        <translation>A agenda de momento do Nadam é outra antes do Keras 2.11; o treino não seguirá exatamente o anterior.</translation>
    </message>
    <message>
        <source>Several kinds of gradient clipping are set; from Keras 2.11 on only one of them works.</source>
        <translation>Há vários tipos de corte de gradiente definidos; a partir do Keras 2.11 só um deles funciona.</translation>
    </message>
    <message>
        <source>Keras 2 adds up the gradients of a token that occurs several times in a batch, Keras 3 does not; training of the embedding will differ slightly.</source>
        <translation>O Keras 2 soma os gradientes de um token que aparece várias vezes no lote, o Keras 3 não; o treino do embedding vai diferir um pouco.</translation>
    </message>
    <message>
        <source>Before Keras 2.11 momentum moved only those rows of an embedding that the batch contained; training of the embedding will differ.</source>
        <translation>Antes do Keras 2.11 o momento só movia as linhas do embedding que apareciam no lote; o treino do embedding vai diferir.</translation>
    </message>
    <message>
        <source>Keras 2 does not save Nadam&apos;s running product and starts it again when it loads the model; training will differ slightly.</source>
        <translation>O Keras 2 não salva o produto acumulado do Nadam e o recomeça ao carregar o modelo; o treino vai diferir um pouco.</translation>
    </message>
    <message>
        <source>The old optimizer stored no count of steps; it starts at 0, and the learning rate with it.</source>
        <translation>O otimizador antigo não guardava a contagem de passos; ela começa em 0, e a taxa de aprendizado com ela.</translation>
    </message>
    <message>
        <source>Keras 2 does not save the loss scale that training had come to; it starts again from its initial value.</source>
        <translation>O Keras 2 não salva a escala da perda a que o treino tinha chegado; ela recomeça do valor inicial.</translation>
    </message>
    <message>
        <source>Keras 2 does not restore a loss-scaling optimizer&apos;s state from .h5 files; save as keras2.15 to train on.</source>
        <translation>O Keras 2 não restaura de arquivos .h5 o estado de um otimizador com escala de perda; salve como keras2.15 para continuar o treino.</translation>
    </message>
    <message>
        <source>Of a loss-scaling optimizer this kind of file keeps no scale: the present one became the initial one, and the count of good steps starts again.</source>
        <translation>Este tipo de arquivo não guarda a escala de um otimizador com escala de perda: a atual virou a inicial, e a contagem de passos bons recomeça.</translation>
    </message>
    <message>
        <source>The optimizer&apos;s state was left out, because the order of its variables is not known; training starts it afresh.</source>
        <translation>O estado do otimizador ficou de fora, porque a ordem das variáveis dele não é conhecida; o treino o começa do zero.</translation>
    </message>
    <message>
        <source>The optimizer&apos;s state was left out: the file does not say which optimizer it is of, and Keras 3 orders its variables in another way.</source>
        <translation>O estado do otimizador ficou de fora: o arquivo não diz de qual otimizador ele é, e o Keras 3 ordena as variáveis de outro modo.</translation>
    </message>
    <message>
        <source>Keras does not restore the state of an optimizer of Keras 2.10 from this format; save as h5-keras2 or h5-legacy to resume in Keras.</source>
        <translation>O Keras não restaura deste formato o estado de um otimizador do Keras 2.10; salve como h5-keras2 ou h5-legacy para retomar no Keras.</translation>
    </message>
    <message>
        <source>Keras restores the optimizer&apos;s state of a weights file only into a model whose optimizer is built, as after one step of training.</source>
        <translation>O Keras só restaura o estado do otimizador de um arquivo de pesos em um modelo cujo otimizador já existe, como depois de um passo de treino.</translation>
    </message>
    <message>
        <source>Keras&apos;s load_model restores the optimizer of this SavedModel; after load_model(compile=False) the first optimizer that is compiled in receives it.</source>
        <translation>O load_model do Keras restaura o otimizador deste SavedModel; depois de load_model(compile=False), o primeiro otimizador compilado o recebe.</translation>
    </message>
    <message>
        <source>The layers inside &apos;%1&apos; stand under their own names, since the source does not say what the class calls them: Keras loads the file only if its attributes have those names.</source>
        <translation>As camadas dentro de &apos;%1&apos; ficam sob os próprios nomes, pois a origem não diz como a classe as chama: o Keras só carrega o arquivo se os atributos dela tiverem esses nomes.</translation>
    </message>
    <message>
        <source>The shape that goes into the layer &apos;%1&apos; is not known: Keras may fail to build it.</source>
        <translation>A forma que entra na camada &apos;%1&apos; não é conhecida: o Keras pode falhar ao construí-la.</translation>
    </message>
    <message>
        <source>The SavedModel has no signature: Keras 2 loads it whole, but programs that call signatures (TensorFlow Serving, TFSMLayer of Keras 3) find none. The reason: %1</source>
        <translation>O SavedModel não tem assinatura: o Keras 2 o carrega inteiro, mas programas que chamam assinaturas (TensorFlow Serving, TFSMLayer do Keras 3) não encontram nenhuma. O motivo: %1</translation>
    </message>
    <message>
        <source>The file holds arrays by name alone: the architecture and the training set-up stay behind.</source>
        <translation>O arquivo guarda só arrays por nome: a arquitetura e a configuração de treino ficam para trás.</translation>
    </message>
    <message>
        <source>The file holds arrays by name alone: the architecture stays behind.</source>
        <translation>O arquivo guarda só arrays por nome: a arquitetura fica para trás.</translation>
    </message>
    <message>
        <source>%1 weights share their name with another; &quot;_1&quot;, &quot;_2&quot; … was added to theirs.</source>
        <translation>Há pesos com o mesmo nome que outro (%1); &quot;_1&quot;, &quot;_2&quot; … foi acrescentado ao deles.</translation>
    </message>
    <message>
        <source>The model has no optimizer state to go along.</source>
        <translation>O modelo não tem estado de otimizador para ir junto.</translation>
    </message>
    <message>
        <source>NumPy has no bfloat16: such arrays are stored as float32, exactly.</source>
        <translation>O NumPy não tem bfloat16: esses arrays são guardados como float32, com exatidão.</translation>
    </message>
    <message>
        <source>this %1 uses %2</source>
        <translation>esta %1 usa %2</translation>
    </message>
    <message>
        <source>time_major, which Keras 3 does not have</source>
        <translation>time_major, que o Keras 3 não tem</translation>
    </message>
    <message>
        <source>batch renormalization, which Keras 3 does not do</source>
        <translation>renormalização de lote, que o Keras 3 não faz</translation>
    </message>
    <message>
        <source>batch renormalization, which Keras 2 does not do</source>
        <translation>renormalização de lote, que o Keras 2 não faz</translation>
    </message>
    <message>
        <source>a virtual batch size, which Keras 3 does not have</source>
        <translation>um tamanho de lote virtual, que o Keras 3 não tem</translation>
    </message>
    <message>
        <source>sparse output, which its Keras 3 form cannot give</source>
        <translation>saída esparsa, que a forma dela no Keras 3 não dá</translation>
    </message>
    <message>
        <source>a sliding window, which Keras 2 does not have</source>
        <translation>uma janela deslizante, que o Keras 2 não tem</translation>
    </message>
    <message>
        <source>gates, which Keras 2 does not have</source>
        <translation>portas, que o Keras 2 não tem</translation>
    </message>
    <message>
        <source>%1, which Keras 2 does not have</source>
        <translation>%1, que o Keras 2 não tem</translation>
    </message>
    <message>
        <source>%1, which Keras 3 does not have</source>
        <translation>%1, que o Keras 3 não tem</translation>
    </message>
    <message>
        <source>this BatchNormalization works over several axes, which Keras 3 cannot do</source>
        <translation>esta BatchNormalization atua sobre vários eixos, o que o Keras 3 não faz</translation>
    </message>
    <message>
        <source>the activation %1 exists only in Keras 3, so that the model cannot be saved for Keras 2</source>
        <translation>a ativação %1 só existe no Keras 3, por isso o modelo não pode ser salvo para o Keras 2</translation>
    </message>
    <message>
        <source>its hard_sigmoid is another function in the other Keras, and its weights cannot make up for that</source>
        <translation>a hard_sigmoid dela é outra função no outro Keras, e os pesos dela não podem compensar isso</translation>
    </message>
    <message>
        <source>its activation hard_sigmoid is another function in the other Keras, and its weights cannot make up for that</source>
        <translation>a ativação hard_sigmoid dela é outra função no outro Keras, e os pesos dela não podem compensar isso</translation>
    </message>
    <message>
        <source>its hard_sigmoid is another function in the other Keras, and a normalized kernel cannot make up for that</source>
        <translation>a hard_sigmoid dela é outra função no outro Keras, e um kernel normalizado não pode compensar isso</translation>
    </message>
    <message>
        <source>this Merge joins its inputs in a way that later versions of Keras do not have</source>
        <translation>este Merge junta as entradas de um modo que as versões posteriores do Keras não têm</translation>
    </message>
    <message>
        <source>this BatchNormalization has a mode that later versions of Keras do not have</source>
        <translation>esta BatchNormalization tem um modo que as versões posteriores do Keras não têm</translation>
    </message>
    <message>
        <source>an array of a gate has no axes</source>
        <translation>um array de uma porta não tem eixos</translation>
    </message>
    <message>
        <source>the arrays of the gates differ in shape</source>
        <translation>os arrays das portas têm formas diferentes</translation>
    </message>
    <message>
        <source>the shapes of the LoRA factors do not fit</source>
        <translation>as formas dos fatores do LoRA não combinam</translation>
    </message>
    <message>
        <source>layers are wrapped too deeply</source>
        <translation>as camadas estão embrulhadas fundo demais</translation>
    </message>
    <message>
        <source>models are nested too deeply</source>
        <translation>os modelos estão aninhados fundo demais</translation>
    </message>
    <message>
        <source>this %1 is called with arguments whose names are not in the file, which Keras 2 needs</source>
        <translation>esta %1 é chamada com argumentos cujos nomes não estão no arquivo, e o Keras 2 precisa deles</translation>
    </message>
    <message>
        <source>this layer is called without an input</source>
        <translation>esta camada é chamada sem entrada</translation>
    </message>
    <message>
        <source>the operation %1 has no counterpart that is known in Keras %2</source>
        <translation>a operação %1 não tem equivalente conhecido no Keras %2</translation>
    </message>
    <message>
        <source>the file holds weights without the model they belong to, and %1; attach the architecture (--architecture), or save as npz or safetensors</source>
        <translation>o arquivo guarda pesos sem o modelo a que pertencem, e %1; junte a arquitetura (--architecture) ou salve como npz ou safetensors</translation>
    </message>
    <message>
        <source>Keras 2 looks for a place of every layer, also of those without weights, which the file does not list</source>
        <translation>o Keras 2 procura o lugar de cada camada, também das sem pesos, que o arquivo não lista</translation>
    </message>
    <message>
        <source>the places of weights follow from the classes of layers and their order, which the file does not say</source>
        <translation>os lugares dos pesos seguem das classes das camadas e da ordem delas, que o arquivo não diz</translation>
    </message>
    <message>
        <source>%1 of the layer &apos;%2&apos; has no counterpart among TensorFlow&apos;s that is known here</source>
        <translation>%1 da camada &apos;%2&apos; não tem equivalente conhecido aqui no TensorFlow</translation>
    </message>
    <message>
        <source>its layers unfold into more than %1 ops</source>
        <translation>as camadas dele se desdobram em mais de %1 ops</translation>
    </message>
    <message>
        <source>a computation that depends on the batch</source>
        <translation>um cálculo que depende do lote</translation>
    </message>
    <message>
        <source>its layers are not known here</source>
        <translation>as camadas dele não são conhecidas aqui</translation>
    </message>
    <message>
        <source>only with it a model can be written for another Keras</source>
        <translation>só com ele se pode escrever um modelo para outro Keras</translation>
    </message>
    <message>
        <source>causal padding, which Keras 3 has only for Conv1D</source>
        <translation>preenchimento causal, que o Keras 3 só tem na Conv1D</translation>
    </message>
    <message>
        <source>The file does not say which optimizer it is. Choose h5-keras2, or another optimizer.</source>
        <translation>O arquivo não diz qual é o otimizador. Escolha h5-keras2 ou outro otimizador.</translation>
    </message>
</context>
<context>
    <name>{anonymous}::CloseButton</name>
    <message>
        <source>Close Tab</source>
        <translation>Fechar a aba</translation>
    </message>
</context>
</TS>
